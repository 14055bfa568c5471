import "server-only";
import type { Actor } from "@/lib/actor";
import { SealError, type SealPlace, seal, unseal } from "@/lib/crypto";
import { db, type Transaction } from "@/lib/db";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { Prisma } from "@/prisma/generated/client";

/** SQL: the accounts `e` that an actor reaches. */
export function accountScope({ accounts }: Actor): Prisma.Sql {
  if (!accounts) return Prisma.sql`TRUE`;
  return "ids" in accounts
    ? Prisma.sql`e.id = ANY(${accounts.ids}::uuid[])`
    : Prisma.sql`starts_with(e."keyKey", ${accounts.keyPrefix})`;
}

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

const SECONDS = Prisma.sql`CASE e."testSchedule" WHEN 'hourly' THEN 3600 ELSE 86400 END`;
/** Each account has its own second of the hour or the day, whenever it was made. */
const OWN_SECOND = Prisma.sql`mod(hashtextextended(e.id::text, 0), ${SECONDS})`;

/** When the next scheduled test of the account `e` is due: spread over the whole interval. */
export const nextTestAt = Prisma.sql`CASE WHEN e."testSchedule" <> 'off' THEN to_timestamp(
  (floor((extract(epoch FROM now()) - ${OWN_SECOND}) / (${SECONDS})) + 1) * (${SECONDS}) + ${OWN_SECOND}
) END`;

/** After its schedule was chosen. */
export async function scheduleNextTest(tx: Transaction, emailAccountId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE "EmailAccount" e SET "nextTestAt" = ${nextTestAt} WHERE e.id = ${emailAccountId}::uuid`;
}
