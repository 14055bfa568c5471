import { elapsed, HOUR_MS, MINUTE_MS, SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";
import { singleton } from "@/lib/kernel/singleton";

const TOLERATED_MS = MINUTE_MS;

const heard = () => singleton("platform-times", () => new Map<string, number>());

/** RFC 9110 §6.6.1, `Date`. */
export function notePlatformTime(host: string, date: string | undefined): void {
  const saidMs = Date.parse(date ?? "");
  if (Number.isNaN(saidMs)) return;
  heard().set(host, saidMs - elapsed());
  warnOfClockSkew(saidMs);
}

/** The last `Date` plus our stopwatch, so a wrong or changed clock of ours does not matter. */
export function platformTime(host: string): Date | undefined {
  const atZero = heard().get(host);
  return atZero === undefined ? undefined : new Date(atZero + elapsed());
}

/** Tokens use the database's clock, but id_tokens and certificates this machine's. */
function warnOfClockSkew(saidMs: number): void {
  const skewMs = wallTime().getTime() - saidMs;
  if (Math.abs(skewMs) <= TOLERATED_MS) return;
  const last = singleton("clock-skew", () => ({ warnedAt: Number.NEGATIVE_INFINITY }));
  if (elapsed() - last.warnedAt < HOUR_MS) return;
  last.warnedAt = elapsed();
  const skewSeconds = Math.round(skewMs / SECOND_MS);
  log.warn({ skewSeconds }, "the clock of this machine differs from the identity platform's");
}
