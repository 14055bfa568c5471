import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DataRate } from "./data-rate";

/** What tells a slow printer from one that drips. */
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const later = (ms: number, bytes: number) =>
  new Promise<Buffer>((done) => setTimeout(() => done(Buffer.alloc(bytes)), ms));

/** Whether it was ever too slow while bytes came like this. */
async function isTooSlowAfter(parts: [ms: number, bytes: number][]): Promise<boolean> {
  const rate = new DataRate();
  for (const [ms, bytes] of parts) {
    const reading = rate.wait(later(ms, bytes));
    await vi.advanceTimersByTimeAsync(ms - 1);
    if (rate.isTooSlow) return true;
    await vi.advanceTimersByTimeAsync(1);
    await reading;
  }
  return false;
}

const times = (count: number, part: [number, number]) => Array.from({ length: count }, () => part);

describe("a message that comes", () => {
  test.each<[string, [number, number][]]>([
    ["with 2 kB a second, for ten minutes", times(600, [1_000, 2_000])],
    ["after half a minute less a second", [[29_000, 10]]],
    ["in pages, one each two minutes less a second", times(5, [119_000, 100_000]).slice(1)],
  ])("%s is no trouble", async (what, parts) => {
    const begun: [number, number][] = what.startsWith("in pages") ? [[1_000, 100_000]] : [];
    expect(await isTooSlowAfter([...begun, ...parts])).toBe(false);
  });

  test.each<[string, [number, number][]]>([
    ["byte by byte", times(40, [1_000, 1])],
    ["with 400 bytes a second", times(200, [1_000, 400])],
    ["fast at first, and then byte by byte", [[1_000, 10_000_000], ...times(130, [1_000, 1])]],
  ])("%s is too slow", async (_what, parts) => {
    expect(await isTooSlowAfter(parts)).toBe(true);
  });

  test("is not, while the server is waited for", async () => {
    const rate = new DataRate();
    const reading = rate.wait(later(1_000, 10));
    await vi.advanceTimersByTimeAsync(1_000);
    await reading;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(rate.isTooSlow).toBe(false);
  });
});
