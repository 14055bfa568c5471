/** Durations in milliseconds, so that no file multiplies by 60 twice. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export function fromNow(durationMs: number): Date {
  return new Date(Date.now() + durationMs);
}

/**
 * So many calendar months later (UTC), on the same day of the month or on its last one: six months from
 * 31 August is 28 February. Left to itself, Date runs over into March.
 */
export function addMonths(date: Date, months: number): Date {
  const later = new Date(date);
  later.setUTCMonth(later.getUTCMonth() + months);
  if (later.getUTCDate() !== date.getUTCDate()) later.setUTCDate(0);
  return later;
}
