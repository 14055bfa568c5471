import { SealError, type SealPlace, unseal } from "./crypto";
import { env } from "./env";
import { AppError } from "./errors";

/** @param locked shown when it does not open. @throws AppError locked */
export function openOrLock(place: SealPlace, sealed: string, locked: string): string {
  try {
    return unseal(env().keyring, place, sealed);
  } catch (error) {
    throw error instanceof SealError ? lockedError(locked, error) : error;
  }
}

function lockedError(message: string, cause: SealError): AppError {
  return new AppError("locked", message, { cause, remedyId: "postkey.locked" });
}
