import { type PasswordColumns, passwordDestination } from "@/lib/installation/keys/destinations";
import type { Actor } from "@/lib/kernel/actor";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { type SealPlace, seal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { openOrLock } from "@/lib/kernel/open-sealed";
import { nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { takesTokensOf } from "./hosts";
import { keyProposals } from "./keys/proposals";
import { ENTER_A_KEY } from "./keys/schema";
import type { CreateEmailAccount } from "./schema";

/**
 * SQL: accounts `e` in the actor's reach.
 * @permission none: it only narrows a statement.
 */
export function accountScope({ accounts }: Actor): Prisma.Sql {
  if (!accounts) return Prisma.sql`TRUE`;
  return "ids" in accounts
    ? Prisma.sql`e.id = ANY(${accounts.ids}::uuid[])`
    : Prisma.sql`starts_with(e."keyKey", ${accounts.keyPrefix})`;
}

/** With what decides the password's destination. */
type PasswordAccount = PasswordColumns & { id: string };

export function sealPassword(account: PasswordAccount, password: string): string {
  return seal(env().keyring, passwordPlace(account), password);
}

/** @throws AppError not_found, locked (also for other servers or another name) */
export async function openPassword(account: PasswordAccount): Promise<string> {
  const stored = await db().emailAccount.findUnique({
    where: { id: account.id },
    select: { passwordSealed: true },
  });
  if (!stored?.passwordSealed)
    throw new AppError("not_found", "No password is stored for this account.");
  return openOrLock(
    passwordPlace(account),
    stored.passwordSealed,
    "The stored password can't be decrypted: the encryption key is a different one, or the password was entered for other servers or another user name. Enter it again.",
  );
}

function passwordPlace(account: PasswordAccount): SealPlace {
  const destination = passwordDestination(account);
  return { table: "EmailAccount", id: account.id, column: "passwordSealed", destination };
}

/** @throws AppError unprocessable */
export async function requireReferences(
  tx: Transaction,
  { contactListId, cloudProviderId }: Partial<References>,
) {
  if (contactListId && (await tx.contactList.count({ where: { id: contactListId } })) === 0)
    throw fieldError("contactListId", "This list no longer exists. Choose another one.");
  if (!cloudProviderId) return null;
  const provider = await tx.cloudProvider.findUnique({
    where: { id: cloudProviderId },
    select: { id: true, service: true, grant: true },
  });
  if (provider) return provider;
  throw fieldError("cloudProviderId", "This cloud provider no longer exists. Choose another one.");
}

/** @throws AppError unprocessable */
export async function requireOwnReferences(tx: Transaction, input: CreateEmailAccount) {
  const { contactListId, cloudProviderId, modernAuthentication, service } = input;
  const asked = { contactListId, cloudProviderId: modernAuthentication ? cloudProviderId : null };
  const provider = await requireReferences(tx, asked);
  if (provider && !takesTokensOf(service, provider.service))
    throw fieldError(
      "cloudProviderId",
      "This cloud provider belongs to another service. Choose one of the account's own.",
    );
}

/** Empty: none to propose. */
export async function findFreeKey(tx: Transaction, name: string): Promise<string> {
  const proposals = keyProposals(name).map((key) => ({ key, keyKey: nameKey(key) }));
  const taken = await tx.emailAccount.findMany({
    where: { keyKey: { in: proposals.map(({ keyKey }) => keyKey) } },
    select: { keyKey: true },
  });
  const used = new Set(taken.map(({ keyKey }) => keyKey));
  return proposals.find(({ keyKey }) => !used.has(keyKey))?.key ?? "";
}

/** Free keys are taken in turns. @throws AppError unprocessable on `key` */
export async function takeKey(
  tx: Transaction,
  { key, name }: Pick<CreateEmailAccount, "key" | "name">,
): Promise<string> {
  if (key !== "") return key;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.freeKeys})`;
  const free = await findFreeKey(tx, name);
  if (free === "") throw fieldError("key", ENTER_A_KEY);
  return free;
}

/** @throws AppError conflict on `key` */
export async function requireFreeKey(tx: Transaction, key: string, ownId?: string): Promise<void> {
  const taken = await tx.emailAccount.findUnique({
    where: { keyKey: nameKey(key) },
    select: { id: true, name: true },
  });
  if (!taken || taken.id === ownId) return;
  const message = `“${taken.name}” already has this key.`;
  throw new AppError("conflict", message, { fields: { key: [message] } });
}

type References = Record<"contactListId" | "cloudProviderId", string | null | undefined>;

export async function findReferenceNames(
  tx: Transaction,
  accounts: readonly References[],
): Promise<Map<string, string>> {
  const idsOf = (field: keyof References) => [
    ...new Set(accounts.flatMap((each) => each[field] ?? [])),
  ];
  const found = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT id, name FROM "ContactList" WHERE id = ANY(${idsOf("contactListId")}::uuid[])
    UNION ALL
    SELECT id, name FROM "CloudProvider" WHERE id = ANY(${idsOf("cloudProviderId")}::uuid[])`;
  return new Map(found.map(({ id, name }) => [id, name]));
}
