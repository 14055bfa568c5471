import { expect, test } from "vitest";
import { histogramQuantile } from "./quantile";

const MORE = Number.POSITIVE_INFINITY;
type Buckets = [bound: number, count: number][];
const HUNDRED: Buckets = [
  [0.1, 40],
  [0.5, 80],
  [1, 100],
  [MORE, 100],
];

// Interpolated: 10 of the 40 between 0.1 and 0.5 are below the middle of all.
test.each<[string, number, Buckets, number | null]>([
  ["is interpolated within its bucket", 0.5, HUNDRED, 0.2],
  ["is so near the end", 0.95, HUNDRED, 0.875],
  ["is the highest of all at the end", 1, HUNDRED, 1],
  [
    "begins at zero in the first bucket",
    0.5,
    [
      [0.1, 8],
      [MORE, 8],
    ],
    0.05,
  ],
  [
    "is the highest bound where everything took longer",
    0.5,
    [
      [30, 0],
      [MORE, 5],
    ],
    30,
  ],
  ["is unknown where nothing was observed", 0.5, [[MORE, 0]], null],
])("a quantile of a histogram %s", (...[, share, buckets, expected]) => {
  const found = histogramQuantile(
    share,
    buckets.map(([bound, count]) => ({ bound, count })),
  );
  if (expected === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(expected);
});
