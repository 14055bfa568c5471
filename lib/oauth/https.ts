import { type HttpsReply, type HttpsRequest, requestHttps } from "@/lib/egress/https";
import { type EgressPolicy, placeOfUrl, policyFor } from "@/lib/egress/policy";
import { elapsed, HOUR_MS, MINUTE_MS, SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { singleton } from "@/lib/kernel/singleton";
import { configuredClouds } from "./configured-clouds";

/** Sending a code twice may revoke its tokens (RFC 6749 §4.1.2, RFC 8628 §3.4). */
const SPENT_AT_ONCE: ReadonlySet<string | null> = new Set([
  "authorization_code",
  "urn:ietf:params:oauth:grant-type:device_code",
]);

/** @throws HttpsError */
export function sendHttps(input: HttpsRequest, deadlineMs?: number): Promise<HttpsReply> {
  const isSpent = SPENT_AT_ONCE.has(new URLSearchParams(input.body).get("grant_type"));
  return requestHttps({ isRepeatable: !isSpent, ...input }, platformEgress(), deadlineMs);
}

export function platformEgress(): EgressPolicy {
  return singleton("platform-egress", () => {
    const presets = configuredClouds()
      .flatMap(({ authority, graph, keysUrl }) => [authority, graph, keysUrl])
      .filter((address) => address !== undefined)
      .map((address) => placeOfUrl(new URL(address)));
    return policyFor(presets, env);
  });
}

const RETRY_AFTER_MIN_MS = SECOND_MS;
const RETRY_AFTER_MAX_MS = 3_600 * SECOND_MS;

/** RFC 9110 §10.2.3. @returns milliseconds between a second and an hour; undefined if invalid */
export function parseRetryAfter(value: string | undefined, now = wallTime()): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const waitMs = /^-?\d+$/.test(text)
    ? Number(text) * SECOND_MS
    : new Date(text).getTime() - now.getTime();
  if (Number.isNaN(waitMs)) return undefined;
  return Math.min(Math.max(waitMs, RETRY_AFTER_MIN_MS), RETRY_AFTER_MAX_MS);
}

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
