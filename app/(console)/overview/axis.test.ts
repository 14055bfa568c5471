import { expect, test } from "vitest";
import { durationTicks, tickText } from "./axis";

test.each([
  [3, "s", "0 s, 1 s, 2 s, 3 s"],
  [55, "s", "0 s, 15 s, 30 s, 45 s, 1 min"],
  [1_300, "s", "0 s, 15 min, 30 min"],
  [80_000, "s", "0 s, 6 h, 12 h, 18 h, 1 d"],
  [925, "ms", "0 ms, 500 ms, 1.0 s"],
] as const)("the gridlines of durations up to %d %s are at %s", (max, unit, texts) => {
  const said = durationTicks(max, unit).map((value) => tickText(value, unit));
  expect(said.join(", ")).toBe(texts);
});

test("gridlines are few, even and reach beyond every value", () => {
  for (const unit of ["ms", "s"] as const)
    for (let max = 1; max < 40_000_000; max = Math.ceil(max * 1.07)) {
      const ticks = durationTicks(max, unit);
      expect(ticks.length).toBeLessThanOrEqual(5);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(max);
      const [, step = 0] = ticks;
      expect(ticks).toEqual(ticks.map((_, at) => at * step));
    }
});
