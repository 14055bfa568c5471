export type Backoff = {
  firstMs: number;
  longestMs: number;
  /** Lower bound of the jitter; by default `firstMs`. */
  leastMs?: number;
};

/** 2^20 times the first wait exceeds every maximum; the exponent cannot overflow. */
const MOST_DOUBLINGS = 20;

/** Doubles up to the maximum, with full jitter so that clients do not return together. */
export function waitAfterFailures(
  { firstMs, longestMs, leastMs = firstMs }: Backoff,
  failures: number,
  random = Math.random,
): number {
  return leastMs + random() * (longestAfterFailures({ firstMs, longestMs }, failures) - leastMs);
}

/** Without jitter, for a single client. */
export function longestAfterFailures(
  { firstMs, longestMs }: Pick<Backoff, "firstMs" | "longestMs">,
  failures: number,
): number {
  return Math.min(firstMs * 2 ** Math.min(failures, MOST_DOUBLINGS), longestMs);
}

/** `longestAfterFailures` as an SQL interval. @param failures never negative */
export function longestAfter(
  failures: string,
  { firstMs, longestMs }: Pick<Backoff, "firstMs" | "longestMs">,
): string {
  return `least(power(2, least(${failures}, ${MOST_DOUBLINGS})) * interval '${firstMs} ms', interval '${longestMs} ms')`;
}

/** Asks again after half the time waited so far. */
export function waitForAnswer(
  { firstMs, longestMs }: Pick<Backoff, "firstMs" | "longestMs">,
  waitedMs: number,
): number {
  return Math.min(Math.max(waitedMs / 2, firstMs), longestMs);
}

/** SQL: soon for a blip, ever more rarely in an outage. @param failingFor null the first time */
export function asLongAsFailing(
  failingFor: string,
  { firstMs, longestMs }: Pick<Backoff, "firstMs" | "longestMs">,
): string {
  return `least(greatest(interval '${firstMs} ms', ${failingFor}), interval '${longestMs} ms')`;
}
