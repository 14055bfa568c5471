import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SECOND_MS } from "@/lib/kernel/clock";
import { createSlots } from "./slots";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

/** A call of a tenant that is under way until it is told to end. */
function call(slots: ReturnType<typeof createSlots>, tenant: string) {
  let end = (_isAnswered: boolean) => {};
  const work = new Promise<boolean>((done) => {
    end = done;
  });
  slots.take(work, { tenant, isProbe: false });
  return async (isAnswered = true) => {
    end(isAnswered);
    await new Promise(setImmediate);
  };
}

test("a tenant that takes long to answer stands behind the others, but for a quarter, until it is quick again", async () => {
  const slots = createSlots(8);
  const ends = [call(slots, "slow"), call(slots, "quick")];
  expect(slots.slow()).toEqual({ tenants: [], reserved: 2 });
  expect(slots.free()).toBe(6);
  await ends[1]?.();
  vi.advanceTimersByTime(3 * SECOND_MS);
  expect(slots.slow()).toEqual({ tenants: ["slow"], reserved: 1 });
  await ends[0]?.();
  expect(slots.slow()).toEqual({ tenants: ["slow"], reserved: 2 });
  await call(slots, "slow")();
  expect(slots.slow().tenants).toEqual([]);
});

test("of a tenant without an answer the breaker knows what to think", async () => {
  const slots = createSlots(8);
  const end = call(slots, "silent");
  vi.advanceTimersByTime(60 * SECOND_MS);
  await end(false);
  expect(slots.slow().tenants).toEqual([]);
});
