import type { Actor } from "@/lib/kernel/actor";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { emailKey, nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { alignMailboxes } from "@/lib/sign-ins/mailboxes/mutations";
import { newAccountColumns, tellEach } from "../mutations";
import type { CreateEmailAccount } from "../schema";
import { requireReferences } from "../store";
import { letNewSettingsBeTested } from "../test-schedule/store";
import type { AccountLine, FoundProvider, References } from "./read-fields";
import type { AccountImportDefaults } from "./schema";

/** PostgreSQL takes 65,535 values in a statement. */
const BATCH = 500;

export type ImportedAccount = { id: string; input: CreateEmailAccount };

/**
 * In one transaction. Imports and free keys take turns.
 * @returns the others' address or key was taken meanwhile
 * @permission none: a part of importAccounts.
 */
export async function insertAccounts(
  actor: Actor,
  importId: string,
  accounts: readonly ImportedAccount[],
): Promise<Set<string>> {
  return db().$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.freeKeys})`;
      await holdReferences(tx, accounts);
      const addressOf = ({ input }: ImportedAccount) => emailKey(input.emailAddress);
      const taken = await findByAddress(accounts.map(addressOf), tx);
      const wanted = accounts.filter((account) => !taken.has(addressOf(account)));
      const created = new Set<string>();
      for (let at = 0; at < wanted.length; at += BATCH) {
        const rows = await tx.emailAccount.createManyAndReturn({
          data: wanted
            .slice(at, at + BATCH)
            .map(({ id, input }) => ({ ...newAccountColumns(id, input), importId })),
          skipDuplicates: true,
          select: { id: true },
        });
        for (const { id } of rows) created.add(id);
      }
      const news = wanted.filter(({ id }) => created.has(id));
      await letNewSettingsBeTested(tx, [...created]);
      for (const provider of idsOf(news, "cloudProviderId"))
        await alignMailboxes(tx, provider, actor.name);
      const changes = news.map(({ id, input: { name } }) => ({ id, name }));
      await tellEach(tx, actor, { action: "email_account.create", changes });
      return created;
    },
    { timeout: MINUTE_MS },
  );
}

/** @throws AppError unprocessable: a provider or list is gone */
async function holdReferences(tx: Transaction, accounts: readonly ImportedAccount[]) {
  const providers = idsOf(accounts, "cloudProviderId");
  const lists = idsOf(accounts, "contactListId");
  const held = [
    ...(await tx.$queryRaw<unknown[]>`SELECT 1 FROM "CloudProvider"
      WHERE id = ANY(${providers}::uuid[]) ORDER BY id FOR SHARE`),
    ...(await tx.$queryRaw<unknown[]>`SELECT 1 FROM "ContactList"
      WHERE id = ANY(${lists}::uuid[]) ORDER BY id FOR KEY SHARE`),
  ];
  if (held.length < providers.length + lists.length)
    throw new AppError(
      "unprocessable",
      "This file was not imported. A cloud provider or a list was deleted in the meantime. Check the file again.",
    );
}

function idsOf(accounts: readonly ImportedAccount[], field: "cloudProviderId" | "contactListId") {
  return [...new Set(accounts.flatMap(({ input }) => input[field] ?? []))].sort();
}

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

export function findDefaults(defaults: AccountImportDefaults): Promise<FoundProvider | null> {
  return requireReferences(db(), defaults);
}

/** By compared address, what to say. */
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

/** By compared key, what to say. */
export async function findByKey(keys: readonly string[]): Promise<Map<string, string>> {
  const found = await db().emailAccount.findMany({
    where: { keyKey: { in: [...new Set(keys)] } },
    select: { keyKey: true, name: true },
  });
  return new Map(found.map(({ keyKey, name }) => [keyKey, `“${name}” already has this key.`]));
}
