import { randomBytes } from "node:crypto";

/** Crockford's base32: no letter that is taken for another, in one case, on every keyboard. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** Of five random bits each. */
export function randomCharacters(length: number): string {
  // 256 is a multiple of 32: each character is as likely.
  return [...randomBytes(length)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join("");
}

/** What was typed in small letters, with the digit for each letter that looks like one. */
export function withoutLookalikes(typed: string): string {
  return typed.replaceAll("o", "0").replaceAll(/[il]/g, "1");
}
