import { describe, expect, test } from "vitest";
import { histogramQuantile } from "./quantile";

const buckets = (counts: [bound: number, count: number][]) =>
  counts.map(([bound, count]) => ({ bound, count }));

describe("a quantile of a histogram", () => {
  test("is interpolated within its bucket", () => {
    const hundred = buckets([
      [0.1, 40],
      [0.5, 80],
      [1, 100],
      [Number.POSITIVE_INFINITY, 100],
    ]);
    expect(histogramQuantile(0.5, hundred)).toBeCloseTo(0.2); // 10 of the 40 between 0.1 and 0.5
    expect(histogramQuantile(0.95, hundred)).toBeCloseTo(0.875);
    expect(histogramQuantile(1, hundred)).toBe(1);
  });

  test("begins at zero in the first bucket", () => {
    const all = buckets([
      [0.1, 8],
      [Number.POSITIVE_INFINITY, 8],
    ]);
    expect(histogramQuantile(0.5, all)).toBeCloseTo(0.05);
  });

  test("is the highest bound where everything took longer", () => {
    const slow = buckets([
      [10, 0],
      [30, 0],
      [Number.POSITIVE_INFINITY, 5],
    ]);
    expect(histogramQuantile(0.5, slow)).toBe(30);
  });

  test("is unknown where nothing was observed", () => {
    expect(histogramQuantile(0.5, [])).toBeNull();
    expect(histogramQuantile(0.5, buckets([[Number.POSITIVE_INFINITY, 0]]))).toBeNull();
  });
});
