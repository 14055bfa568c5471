/** Durations in milliseconds, so that no file multiplies by 60 twice. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/**
 * What ends within so many days ends soon, the last of them included: a secret, a certificate, a key, a device. A month
 * is enough to find who may replace it. In statements it is `endsSoon` (lib/kernel/ends.ts).
 */
export const ENDS_SOON_DAYS = 30;

/** When what expires on a day does: at its end, in UTC. */
export function endOfDay(day: string): Date {
  return new Date(`${day}T23:59:59Z`);
}

/** The last day of what ends then: of an end at midnight the day before, on which it still worked. */
export function lastDayOf(end: Date): Date {
  return new Date(end.getTime() - 1);
}

/** The same as days are entered: `2027-05-28`. */
export function lastIsoDayOf(end: Date): string {
  return lastDayOf(end).toISOString().slice(0, 10);
}

/**
 * The wall time, by this machine's clock, which may be wrong and may jump: for what people read, and for
 * what other systems say of the time. What ends or falls due is counted by the database's clock
 * (lib/kernel/database-clock.ts), and how long something takes by `elapsed`. No other file asks Date.
 */
export function wallTime(): Date {
  return new Date();
}

export function fromNow(durationMs: number): Date {
  return new Date(Date.now() + durationMs);
}

/** A stopwatch: milliseconds that only ever grow, whatever is done to the clock. Compare two of them. */
export function elapsed(): number {
  return performance.now();
}

/**
 * Also counts the time for which the machine slept, which `elapsed` leaves out; too much where its clock is set
 * forward meanwhile. For what may rather be given up than be late.
 *
 * @returns what says how many milliseconds it has been
 */
export function startStopwatch(): () => number {
  const began = { elapsed: elapsed(), wall: Date.now() };
  return () => Math.max(elapsed() - began.elapsed, Date.now() - began.wall);
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
