import { SECOND_MS, wallTime } from "@/lib/kernel/clock";

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
