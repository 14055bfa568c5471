import { elapsed, HOUR_MS, MINUTE_MS, SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";
import { singleton } from "@/lib/kernel/singleton";

const TOLERATED_MS = MINUTE_MS;

/** By host: what a platform's clock shows when our stopwatch shows zero. */
const heard = () => singleton("platform-times", () => new Map<string, number>());

/** Takes note of what time a platform says that it is (RFC 9110 §6.6.1, `Date`). */
export function notePlatformTime(host: string, date: string | undefined): void {
  const saidMs = Date.parse(date ?? "");
  if (Number.isNaN(saidMs)) return;
  heard().set(host, saidMs - elapsed());
  warnOfClockSkew(saidMs);
}

/**
 * What time it is by the clock of a platform: what it said the last time, and what has passed since by
 * the stopwatch, so that no clock of ours that is wrong or set makes a difference. Undefined before it
 * was heard of.
 */
export function platformTime(host: string): Date | undefined {
  const atZero = heard().get(host);
  return atZero === undefined ? undefined : new Date(atZero + elapsed());
}

/**
 * Says once an hour that this machine's clock is more than a minute away from the platform's: tokens are counted by the database's clock, but id_tokens and certificates are
 * judged by this one.
 */
function warnOfClockSkew(saidMs: number): void {
  const skewMs = wallTime().getTime() - saidMs;
  if (Math.abs(skewMs) <= TOLERATED_MS) return;
  const last = singleton("clock-skew", () => ({ warnedAt: Number.NEGATIVE_INFINITY }));
  if (elapsed() - last.warnedAt < HOUR_MS) return;
  last.warnedAt = elapsed();
  const skewSeconds = Math.round(skewMs / SECOND_MS);
  log.warn({ skewSeconds }, "the clock of this machine differs from the identity platform's");
}
