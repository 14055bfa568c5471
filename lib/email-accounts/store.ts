import "server-only";
import { SealError, type SealPlace, seal, unseal } from "@/lib/crypto";
import { db } from "@/lib/db";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

export function sealPassword(emailAccountId: string, password: string): string {
  return seal(env().keyring, passwordPlace(emailAccountId), password);
}

/** For signing in at a mail server only. @throws AppError not_found, locked */
export async function openPassword(emailAccountId: string): Promise<string> {
  const account = await db().emailAccount.findUnique({
    where: { id: emailAccountId },
    select: { passwordSealed: true },
  });
  if (!account?.passwordSealed)
    throw new AppError("not_found", "No password is stored for this account.");
  try {
    return unseal(env().keyring, passwordPlace(emailAccountId), account.passwordSealed);
  } catch (error) {
    throw error instanceof SealError ? lockedPassword(error) : error;
  }
}

function lockedPassword(cause: SealError): AppError {
  const message = "The stored password cannot be opened with the encryption key in use.";
  return new AppError("locked", message, { cause, remedyId: "postkey.locked" });
}

function passwordPlace(id: string): SealPlace {
  return { table: "EmailAccount", id, column: "passwordSealed" };
}
