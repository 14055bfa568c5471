import "server-only";
import { type PasswordColumns, passwordDestination } from "@/lib/installation/keys/destinations";
import type { Actor } from "@/lib/kernel/actor";
import { SealError, type SealPlace, seal, unseal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { Prisma } from "@/prisma/generated/client";

/** SQL: the accounts `e` that an actor reaches. */
export function accountScope({ accounts }: Actor): Prisma.Sql {
  if (!accounts) return Prisma.sql`TRUE`;
  return "ids" in accounts
    ? Prisma.sql`e.id = ANY(${accounts.ids}::uuid[])`
    : Prisma.sql`starts_with(e."keyKey", ${accounts.keyPrefix})`;
}

/** An account with everything that decides where its password is sent. */
type PasswordAccount = PasswordColumns & { id: string };

export function sealPassword(account: PasswordAccount, password: string): string {
  return seal(env().keyring, passwordPlace(account), password);
}

/**
 * For signing in at the servers of this very account only.
 * @throws AppError not_found, locked (also when it was entered for other servers or another name)
 */
export async function openPassword(account: PasswordAccount): Promise<string> {
  const stored = await db().emailAccount.findUnique({
    where: { id: account.id },
    select: { passwordSealed: true },
  });
  if (!stored?.passwordSealed)
    throw new AppError("not_found", "No password is stored for this account.");
  try {
    return unseal(env().keyring, passwordPlace(account), stored.passwordSealed);
  } catch (error) {
    throw error instanceof SealError ? lockedPassword(error) : error;
  }
}

function lockedPassword(cause: SealError): AppError {
  const message =
    "The stored password can't be decrypted: the encryption key is a different one, or the password was entered for other servers or another user name. Enter it again.";
  return new AppError("locked", message, { cause, remedyId: "postkey.locked" });
}

function passwordPlace(account: PasswordAccount): SealPlace {
  const destination = passwordDestination(account);
  return { table: "EmailAccount", id: account.id, column: "passwordSealed", destination };
}
