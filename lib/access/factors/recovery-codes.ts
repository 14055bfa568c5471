import { randomBytes } from "node:crypto";
import { hashToken } from "@/lib/kernel/crypto";
import { RECOVERY_CODES } from "./schema";

/** Crockford's base32: without the letters that are read for others. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** Of five bits each: 80 bits, so that a hash needs no salt. */
const CHARACTERS = 16;
const GROUP = /.{4}(?=.)/g;

/** A new set, as it is shown: four groups of four characters each. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    [...randomBytes(CHARACTERS)]
      .map((byte) => ALPHABET.charAt(byte % ALPHABET.length))
      .join("")
      .replaceAll(GROUP, "$&-"),
  );
}

/** What is stored of a code, however it is typed. */
export function hashRecoveryCode(typed: string): string {
  const plain = typed.toLowerCase().replaceAll(/[^\da-z]/g, "");
  return hashToken(plain.replaceAll("o", "0").replaceAll(/[il]/g, "1"));
}
