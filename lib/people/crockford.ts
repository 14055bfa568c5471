import { randomBytes } from "node:crypto";

/** Crockford's base32: no letter that is taken for another, in one case, on every keyboard. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** Of five random bits each. */
export function randomCharacters(length: number): string {
  // 256 is a multiple of 32: each character is as likely.
  return [...randomBytes(length)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join("");
}

/** What was meant: in any case, with what a chat or a document puts between, and letters that look like digits. */
export function readCharacters(typed: string): string {
  return typed
    .toLowerCase()
    .replaceAll(/[^\da-z]/g, "")
    .replaceAll("o", "0")
    .replaceAll(/[il]/g, "1");
}
