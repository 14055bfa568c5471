import { describe, expect, test } from "vitest";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { createBreaker } from "./breaker";

function breakerWithClock() {
  const clock = { now: 1_000_000 };
  const breaker = createBreaker(() => clock.now);
  const record = (failures: boolean[]) => {
    for (const isFailure of failures) breaker.record("login", isFailure);
  };
  return { clock, breaker, record };
}

const failed = (count: number) => Array<boolean>(count).fill(true);

describe("a host", () => {
  test("is left alone after five failures in a row, and not after four", () => {
    const { breaker, record } = breakerWithClock();
    record([...failed(4), false, ...failed(4)]);
    expect(breaker.isOpen("login")).toBe(false);
    record(failed(1));
    expect(breaker.isOpen("login")).toBe(true);
    expect(breaker.isOpen("another")).toBe(false);
  });

  test("is left alone when half of twenty calls in a minute failed", () => {
    const { breaker, record } = breakerWithClock();
    record(Array.from({ length: 19 }, (_, index) => index % 2 === 0));
    expect(breaker.isOpen("login")).toBe(false);
    record([true]);
    expect(breaker.isOpen("login")).toBe(true);
  });

  test("is forgiven what is older than a minute", () => {
    const { breaker, record, clock } = breakerWithClock();
    record(Array.from({ length: 19 }, (_, index) => index % 2 === 0));
    clock.now += MINUTE_MS + 1;
    record([true]);
    expect(breaker.isOpen("login")).toBe(false);
  });

  test("is asked once each half minute until it answers, and then as before", () => {
    const { breaker, record, clock } = breakerWithClock();
    record(failed(5));
    expect(breaker.takeProbe("login")).toBe(false);
    clock.now += 30 * SECOND_MS;
    expect(breaker.takeProbe("login")).toBe(true);
    expect(breaker.takeProbe("login")).toBe(false);
    record(failed(1));
    clock.now += 30 * SECOND_MS;
    expect(breaker.isOpen("login")).toBe(true);
    expect(breaker.takeProbe("login")).toBe(true);
    record([false]);
    expect(breaker.isOpen("login")).toBe(false);
    record(failed(4));
    expect(breaker.isOpen("login")).toBe(false);
  });
});
