import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { restBeforeRefreshMs, waitBeforeRetryMs } from "./store";

const rest = (lifeMs: number, random: number) => restBeforeRefreshMs(lifeMs, () => random);

describe("a token is renewed", () => {
  test.each([
    ["an hour", HOUR_MS, 45 * MINUTE_MS],
    ["90 minutes", 90 * MINUTE_MS, 67.5 * MINUTE_MS],
    ["40 minutes, with 15 left", 40 * MINUTE_MS, 25 * MINUTE_MS],
    ["20 minutes, at half of it", 20 * MINUTE_MS, 10 * MINUTE_MS],
    ["a minute, at half of it", MINUTE_MS, 30 * SECOND_MS],
    ["a day, once a day at the least", 28 * HOUR_MS, 20 * HOUR_MS],
  ])("at three quarters of its life: %s", (_what, lifeMs, restMs) => {
    expect(rest(lifeMs, 0)).toBe(restMs);
    expect(rest(lifeMs, 1)).toBeCloseTo(restMs * 0.9, 3);
  });

  test("always within its life, whatever chance says", () => {
    const life = fc.integer({ min: 1_000, max: 48 * HOUR_MS });
    const chance = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(life, chance, (lifeMs, random) => {
        const restMs = rest(lifeMs, random);
        expect(restMs).toBeGreaterThan(0);
        expect(restMs).toBeLessThanOrEqual(lifeMs * 0.75 + 1);
        if (lifeMs >= 30 * MINUTE_MS)
          expect(lifeMs - restMs).toBeGreaterThanOrEqual(15 * MINUTE_MS);
      }),
    );
  });
});

describe("a failure is tried again", () => {
  const wait = (failures: number, random: number, retryAfterMs?: number) =>
    waitBeforeRetryMs({ failures, retryAfterMs }, () => random);

  test.each([
    [0, 5 * SECOND_MS],
    [1, 10 * SECOND_MS],
    [4, 80 * SECOND_MS],
    [7, 640 * SECOND_MS],
    [8, 15 * MINUTE_MS],
    [1_000_000, 15 * MINUTE_MS],
  ])("after %d failures within five seconds and %d ms", (failures, ceilingMs) => {
    expect(wait(failures, 0)).toBe(5 * SECOND_MS);
    expect(wait(failures, 1)).toBe(ceilingMs);
  });

  test("when the server said", () => expect(wait(9, 0.5, 42 * SECOND_MS)).toBe(42 * SECOND_MS));
});
