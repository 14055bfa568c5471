export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Pairs that were measured one right after the other: what disturbs one disturbs both. */
export function medianRatio(pairs: readonly (readonly [number, number])[]): number {
  return median(pairs.map(([measured, floor]) => measured / floor));
}
