/** How long to wait after a failure that may pass by itself. Milliseconds. */
export type Backoff = {
  /** After the first failure; with each one more it doubles. */
  firstMs: number;
  longestMs: number;
  /** The least that chance leaves; otherwise `firstMs`. */
  leastMs?: number;
};

/** 2^20 times the first wait is longer than any longest one: a number of failures never overflows. */
const MOST_DOUBLINGS = 20;

/**
 * Waits after so many failures before this one: doubling up to the longest, with full jitter above the
 * least, so that what failed together does not come back together.
 */
export function waitAfterFailures(
  { firstMs, longestMs, leastMs = firstMs }: Backoff,
  failures: number,
  random = Math.random,
): number {
  return leastMs + random() * (longestAfterFailures({ firstMs, longestMs }, failures) - leastMs);
}

/** The same without chance: for one who is slowed down, and comes back alone. */
export function longestAfterFailures(
  { firstMs, longestMs }: Pick<Backoff, "firstMs" | "longestMs">,
  failures: number,
): number {
  return Math.min(firstMs * 2 ** Math.min(failures, MOST_DOUBLINGS), longestMs);
}

/** SQL: that, as an interval. @param failures a number, never below zero */
export function longestAfter(
  failures: string,
  { firstMs, longestMs }: Pick<Backoff, "firstMs" | "longestMs">,
): string {
  return `least(power(2, least(${failures}, ${MOST_DOUBLINGS})) * interval '${firstMs} ms', interval '${longestMs} ms')`;
}

/** Of something that is waited for: asked about again after half as long as it has taken already. */
export function waitForAnswer(
  { firstMs, longestMs }: Pick<Backoff, "firstMs" | "longestMs">,
  waitedMs: number,
): number {
  return Math.min(Math.max(waitedMs / 2, firstMs), longestMs);
}

/**
 * SQL: of something that is looked at on a schedule, how long to wait when it fails: as long as it has failed
 * already, so that a blip is known as one at once, and what lasts is looked at ever more rarely.
 * @param failingFor an interval; null where this is the first failure
 */
export function asLongAsFailing(
  failingFor: string,
  { firstMs, longestMs }: Pick<Backoff, "firstMs" | "longestMs">,
): string {
  return `least(greatest(interval '${firstMs} ms', ${failingFor}), interval '${longestMs} ms')`;
}
