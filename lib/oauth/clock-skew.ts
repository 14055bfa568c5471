import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/clock";
import { log } from "@/lib/log";
import { singleton } from "@/lib/singleton";

const TOLERATED_MS = MINUTE_MS;

/**
 * Says once an hour that this machine's clock is more than a minute away from the platform's (RFC 9110
 * §6.6.1, `Date`): tokens are counted by the database's clock, but id_tokens and certificates are
 * judged by this one.
 */
export function warnOfClockSkew(date: string | undefined): void {
  const skewMs = Date.now() - Date.parse(date ?? "");
  if (!(Math.abs(skewMs) > TOLERATED_MS)) return;
  const last = singleton("clock-skew", () => ({ warnedAt: Number.NEGATIVE_INFINITY }));
  if (performance.now() - last.warnedAt < HOUR_MS) return;
  last.warnedAt = performance.now();
  const skewSeconds = Math.round(skewMs / SECOND_MS);
  log.warn({ skewSeconds }, "the clock of this machine differs from the identity platform's");
}
