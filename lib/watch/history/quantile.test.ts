import { expect, test } from "vitest";
import { histogramQuantile } from "./quantile";

const MORE = Number.POSITIVE_INFINITY;
const buckets = (...counted: [bound: number, count: number][]) =>
  counted.map(([bound, count]) => ({ bound, count }));
const HUNDRED = buckets([0.1, 40], [0.5, 80], [1, 100], [MORE, 100]);

// Interpolated: 10 of the 40 between 0.1 and 0.5 are below the middle of all.
test.each([
  ["is interpolated within its bucket", 0.5, HUNDRED, 0.2],
  ["is the highest of all at the end", 1, HUNDRED, 1],
  ["begins at zero in the first bucket", 0.5, buckets([0.1, 8], [MORE, 8]), 0.05],
  ["is the highest bound where everything took longer", 0.5, buckets([30, 0], [MORE, 5]), 30],
])("a quantile of a histogram %s", (...[, share, counted, expected]) => {
  expect(histogramQuantile(share, counted)).toBeCloseTo(expected);
});

test("of nothing it is unknown", () => {
  expect(histogramQuantile(0.5, buckets([MORE, 0]))).toBeNull();
});
