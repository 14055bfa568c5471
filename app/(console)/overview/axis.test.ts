import { expect, test } from "vitest";
import { durationTicks, tickText } from "./axis";

const axis = (max: number, unit: "ms" | "s") =>
  durationTicks(max, unit).map((value) => tickText(value, unit));

test.each([
  [3, "s", "0 s, 1 s, 2 s, 3 s"],
  [55, "s", "0 s, 15 s, 30 s, 45 s, 1 min"],
  [1_300, "s", "0 s, 15 min, 30 min"],
  [80_000, "s", "0 s, 6 h, 12 h, 18 h, 1 d"],
  [200_000, "s", "0 s, 1 d, 2 d, 3 d"],
  [7, "ms", "0 ms, 2 ms, 4 ms, 6 ms, 8 ms"],
  [925, "ms", "0 ms, 500 ms, 1.0 s"],
] as const)("the gridlines of durations up to %d %s are at %s", (max, unit, texts) => {
  expect(axis(max, unit)).toEqual(texts.split(", "));
});

test("gridlines are even, reach beyond every value and say where they are", () => {
  for (const unit of ["ms", "s"] as const)
    for (let max = 1; max < 40_000_000; max = Math.ceil(max * 1.07)) {
      const ticks = durationTicks(max, unit);
      expect(ticks.length).toBeLessThanOrEqual(5);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(max);
      const texts = ticks.map((value) => tickText(value, unit));
      expect(texts.map((text) => valueSaid(text, unit))).toEqual(ticks);
    }
});

/** What a text of an axis says, in the unit of the axis. */
function valueSaid(text: string, unit: "ms" | "s"): number {
  const sizes = { ms: 0.001, s: 1, min: 60, h: 3_600, d: 86_400 };
  const parts = [...text.matchAll(/([\d.]+) (ms|s|min|h|d)\b/g)];
  const seconds = parts.reduce((sum, [, count, name]) => {
    const size = Object.entries(sizes).find(([each]) => each === name)?.[1] ?? Number.NaN;
    return sum + Number(count) * size;
  }, 0);
  return Math.round(unit === "ms" ? seconds * 1_000 : seconds);
}
