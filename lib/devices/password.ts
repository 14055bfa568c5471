import { createHash, timingSafeEqual } from "node:crypto";
import { randomCharacters, readCharacters } from "@/lib/people/crockford";

const PREFIX_LENGTH = 6;
/** 130 random bits. */
const SECRET_LENGTH = 26;

/** What a device is found by. It is no secret, and stays when the device gets a new password. */
export function newPrefix(): string {
  return randomCharacters(PREFIX_LENGTH);
}

/** A password of 32 letters and digits that begins with the prefix. */
export function newPassword(prefix: string): string {
  return `${prefix}${randomCharacters(SECRET_LENGTH)}`;
}

/** What is stored of a password. Slow hashing protects nothing at 130 random bits. */
export function hashPassword(password: string): string {
  return createHash("sha256").update(password).digest("base64url");
}

/** As people type it: in capitals, with spaces, or look-alike letters. Null: no device's. */
export function readPassword(typed: string): { prefix: string | null; hash: string } {
  // Text longer than any typing mistake is not a password, and costs nothing.
  const password = readCharacters(typed.slice(0, 256));
  const prefix = password.slice(0, PREFIX_LENGTH);
  return { prefix: /^[0-9a-z]{6}$/.test(prefix) ? prefix : null, hash: hashPassword(password) };
}

/** Compares in a time that tells nothing, also where there is no device. */
export function isSameHash(hash: string, stored: string | undefined): boolean {
  const [given, other] = [Buffer.from(hash), Buffer.from(stored ?? NO_DEVICE)];
  return given.length === other.length && timingSafeEqual(given, other) && stored !== undefined;
}

const NO_DEVICE = hashPassword("");
