import { DAY_MS } from "@/lib/kernel/clock";

/** So long a one-time link to Postkey itself is good: to set it up, to join it, to choose a new password there. */
export const LINK_LIFE_MS = DAY_MS;

/** SQL: whether such a link can still be used, on a clock that may have been set back. @param expiresAt its column */
export function isOpenUntil(expiresAt: string): string {
  return `postkey_holds(${expiresAt}, interval '${LINK_LIFE_MS} ms')`;
}
