import "server-only";
import type { Actor } from "@/lib/actor";
import { SealError, type SealPlace, seal, unseal } from "@/lib/crypto";
import { db, type Transaction } from "@/lib/db";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { type PasswordColumns, passwordDestination } from "@/lib/keys/destinations";
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
    "The stored password does not open: the encryption key is another one, or it was entered for other servers or another user name. Enter it again.";
  return new AppError("locked", message, { cause, remedyId: "postkey.locked" });
}

function passwordPlace(account: PasswordAccount): SealPlace {
  const destination = passwordDestination(account);
  return { table: "EmailAccount", id: account.id, column: "passwordSealed", destination };
}

const SECONDS = Prisma.sql`CASE e."testSchedule" WHEN 'hourly' THEN 3600 ELSE 86400 END`;
/** Each account has its own second of the hour or the day, whenever it was made. */
const OWN_SECOND = Prisma.sql`mod(hashtextextended(e.id::text, 0), ${SECONDS})`;

/** When the next scheduled test of the account `e` is due: spread over the whole interval. */
export const nextTestAt = Prisma.sql`CASE WHEN e."testSchedule" <> 'off' THEN to_timestamp(
  (floor((extract(epoch FROM now()) - ${OWN_SECOND}) / (${SECONDS})) + 1) * (${SECONDS}) + ${OWN_SECOND}
) END`;

/** Times of tests that a clock chose which ran ahead are chosen anew. */
export async function setScheduleRight(): Promise<void> {
  await db().$executeRaw`UPDATE "EmailAccount" e SET "nextTestAt" = ${nextTestAt}
    WHERE e."nextTestAt" > now() + interval '1 hour'
      AND NOT postkey_holds(e."nextTestAt", make_interval(secs => ${SECONDS}))`;
}

/** After its schedule was chosen. */
export async function scheduleNextTest(tx: Transaction, emailAccountId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE "EmailAccount" e SET "nextTestAt" = ${nextTestAt} WHERE e.id = ${emailAccountId}::uuid`;
}
