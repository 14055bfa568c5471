import "server-only";
import { db } from "@/lib/kernel/db";
import { fieldError } from "@/lib/kernel/errors";
import { nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import type { AccountLine } from "../read-accounts";
import type { FoundProvider, References } from "../read-fields";
import type { AccountImportDefaults } from "../schema";

/** The providers and lists that a file names. */
export async function findReferences(lines: readonly AccountLine[]): Promise<References> {
  const named = (column: "provider" | "list") => ({
    nameKey: { in: [...new Set(lines.map((line) => nameKey(line[column])))] },
  });
  const [providers, lists] = await Promise.all([
    db().cloudProvider.findMany({
      where: named("provider"),
      select: { id: true, nameKey: true, service: true, grant: true },
    }),
    db().contactList.findMany({ where: named("list"), select: { id: true, nameKey: true } }),
  ]);
  return {
    providers: new Map(providers.map(({ nameKey: key, ...provider }) => [key, provider])),
    lists: new Map(lists.map(({ nameKey: key, id }) => [key, id])),
  };
}

/**
 * The provider of the lines that name none; null where none was chosen.
 * @throws AppError unprocessable when it, or the list that was chosen, is gone
 */
export async function findDefaults({
  cloudProviderId,
  contactListId,
}: AccountImportDefaults): Promise<FoundProvider | null> {
  if (contactListId && (await db().contactList.count({ where: { id: contactListId } })) === 0)
    throw fieldError("contactListId", "This list no longer exists. Choose another one.");
  if (!cloudProviderId) return null;
  const provider = await db().cloudProvider.findUnique({
    where: { id: cloudProviderId },
    select: { id: true, service: true, grant: true },
  });
  if (provider) return provider;
  throw fieldError("cloudProviderId", "This cloud provider no longer exists. Choose another one.");
}

/** Accounts that have one of these addresses, by the form that is compared: what to say of each. */
export async function findByAddress(
  addresses: readonly string[],
  tx: Transaction = db(),
): Promise<Map<string, string>> {
  const found = await tx.emailAccount.findMany({
    where: { emailKey: { in: [...new Set(addresses)] } },
    select: { emailKey: true, name: true, key: true },
  });
  return new Map(
    found.map((each) => [each.emailKey, `“${each.name}” (${each.key}) has this address.`]),
  );
}

/** Accounts that have one of these keys, by the form that is compared: what to say of each. */
export async function findByKey(keys: readonly string[]): Promise<Map<string, string>> {
  const found = await db().emailAccount.findMany({
    where: { keyKey: { in: [...new Set(keys)] } },
    select: { keyKey: true, name: true },
  });
  return new Map(found.map(({ keyKey, name }) => [keyKey, `“${name}” already has this key.`]));
}
