import { SealError, type SealPlace, unseal } from "./crypto";
import { env } from "./env";
import { AppError } from "./errors";

/**
 * Opens what a store sealed.
 *
 * @param locked what is told when it does not open: the key is another one, or it was sealed for another
 *   place or destination
 * @throws AppError locked
 */
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
