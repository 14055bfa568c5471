import { Secret, TOTP } from "otpauth";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";

/** Other values than these are ignored by common apps (RFC 6238; Google's key URI format). */
const PERIOD_MS = 30 * SECOND_MS;
const DIGITS = 6;
const SECRET_BYTES = 20;
/** Steps around the current one whose codes are accepted: people are slow, and clocks differ. */
const WINDOW = 1;
/** How far a clock may be off to be recognised as wrong. */
const WRONG_CLOCK = (10 * MINUTE_MS) / PERIOD_MS;

export function newSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

export function authenticatorAddress(secret: string, account: string): string {
  return new TOTP({ issuer: "Postkey", label: account, ...settings(secret) }).toString();
}

export function findStep(secret: string, code: string, at: Date): number | null {
  return findNear(secret, code, { at, window: WINDOW });
}

/** Right for some minutes before or after: then one of two clocks is wrong. */
export function isOfWrongClock(secret: string, code: string, at: Date): boolean {
  return findNear(secret, code, { at, window: WRONG_CLOCK }) !== null;
}

function findNear(secret: string, code: string, { at, window }: { at: Date; window: number }) {
  // The library compares bytes of equal length only.
  if (!/^\d{6}$/.test(code)) return null;
  const timestamp = at.getTime();
  const delta = new TOTP(settings(secret)).validate({ token: code, timestamp, window });
  return delta === null ? null : Math.floor(timestamp / PERIOD_MS) + delta;
}

function settings(secret: string) {
  const period = PERIOD_MS / SECOND_MS;
  return { secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: DIGITS, period };
}
