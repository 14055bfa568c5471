import { hashToken } from "@/lib/kernel/crypto";
import { randomCharacters, readCharacters } from "../crockford";
import { RECOVERY_CODES } from "./schema";

/** Of five bits each: 80 bits, so that a hash needs no salt. */
const CHARACTERS = 16;
const GROUP = /.{4}(?=.)/g;

/** A new set, as it is shown: four groups of four characters each. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    randomCharacters(CHARACTERS).replaceAll(GROUP, "$&-"),
  );
}

/** What is stored of a code, however it is typed. */
export function hashRecoveryCode(typed: string): string {
  return hashToken(readCharacters(typed));
}
