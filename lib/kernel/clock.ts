export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The last day included; enough to find who replaces it. SQL: `endsSoon` (lib/kernel/ends.ts). */
export const ENDS_SOON_DAYS = 30;

export function endOfDay(day: string): Date {
  return new Date(`${day}T23:59:59Z`);
}

/** The last day on which it works: the day before when it ends at midnight. */
export function lastDayOf(end: Date): Date {
  return new Date(end.getTime() - 1);
}

export function lastIsoDayOf(end: Date): string {
  return lastDayOf(end).toISOString().slice(0, 10);
}

/** This machine's clock may be wrong: deadlines use lib/kernel/database-clock.ts. */
export function wallTime(): Date {
  return new Date();
}

export function fromNow(durationMs: number): Date {
  return new Date(Date.now() + durationMs);
}

/** Monotonic milliseconds, for differences. */
export function elapsed(): number {
  return performance.now();
}

/** Includes time asleep, which `elapsed` omits; too long if the clock is set forward. */
export function startStopwatch(): () => number {
  const began = { elapsed: elapsed(), wall: Date.now() };
  return () => Math.max(elapsed() - began.elapsed, Date.now() - began.wall);
}

/** In UTC; 31 August plus six months is 28 February, not 3 March as with Date. */
export function addMonths(date: Date, months: number): Date {
  const later = new Date(date);
  later.setUTCMonth(later.getUTCMonth() + months);
  if (later.getUTCDate() !== date.getUTCDate()) later.setUTCDate(0);
  return later;
}
