/** Cumulative; the last bound is Infinity. */
export type CumulativeBucket = { bound: number; count: number };

/** As Prometheus' `histogram_quantile`; null without observations. @param quantile 0 to 1 */
export function histogramQuantile(quantile: number, buckets: readonly CumulativeBucket[]) {
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
