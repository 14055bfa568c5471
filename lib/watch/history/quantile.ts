/** How many observations were at most `bound`, for each bound of a histogram; the last one is Infinity. */
export type CumulativeBucket = { bound: number; count: number };

/**
 * A quantile of a histogram, interpolated as Prometheus' `histogram_quantile` does: linearly within the bucket
 * in which it falls, from 0 in the first one; in the last, which has no end, its lower bound
 * (Prometheus, “Query functions”, histogram_quantile).
 *
 * @param quantile from 0 to 1
 * @param buckets by ascending bound, with cumulative counts
 * @returns in the unit of the bounds; null when nothing was observed
 */
export function histogramQuantile(
  quantile: number,
  buckets: readonly CumulativeBucket[],
): number | null {
  const total = buckets.at(-1)?.count ?? 0;
  if (total <= 0) return null;
  const rank = quantile * total;
  const nth = buckets.findIndex(({ count }) => count >= rank);
  const [bucket, below] = [buckets[nth], buckets[nth - 1]];
  const lower = { bound: below?.bound ?? 0, count: below?.count ?? 0 };
  if (!bucket || bucket.bound === Number.POSITIVE_INFINITY || bucket.count === lower.count)
    return lower.bound;
  const share = (rank - lower.count) / (bucket.count - lower.count);
  return lower.bound + (bucket.bound - lower.bound) * share;
}
