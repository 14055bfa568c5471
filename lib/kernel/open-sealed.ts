import { SealError, type SealPlace, unseal } from "./crypto";
import { env } from "./env";
import { AppError } from "./errors";

/** @param locked shown when it does not open. @throws AppError locked */
export function openOrLock(place: SealPlace, sealed: string, locked: string): string {
  try {
    return unseal(env().keyring, place, sealed);
  } catch (error) {
    throw error instanceof SealError
      ? new AppError("locked", locked, { cause: error, remedyId: "postkey.locked" })
      : error;
  }
}
