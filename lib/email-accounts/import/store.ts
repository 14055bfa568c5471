import "server-only";
import { randomUUID } from "node:crypto";
import { recordAudits } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { alignMailboxes } from "@/lib/sign-ins/mailboxes/mutations";
import { newAccountColumns } from "../mutations";
import type { CreateEmailAccount } from "../schema";
import { scheduleNextTests } from "../test-schedule/store";
import { findByAddress } from "./known/store";

/** So many at once: PostgreSQL takes 65,535 values in a statement. */
const BATCH = 500;

export type ImportedAccount = { id: string; input: CreateEmailAccount };

/**
 * In one transaction: a file is imported or it is not. Imports take turns, or two of one file would each create
 * what the other does not see yet; so do they with a line that is given a free key.
 *
 * @returns the ids of those that were created; of the others, the address or the key was taken meanwhile
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
      await scheduleNextTests(tx, [...created]);
      for (const provider of idsOf(news, "cloudProviderId"))
        await alignMailboxes(tx, provider, actor.name);
      await tell(tx, actor, news);
      return created;
    },
    { timeout: MINUTE_MS },
  );
}

/** @throws AppError unprocessable when a provider or a list was deleted since the lines were read */
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

function idsOf(
  accounts: readonly ImportedAccount[],
  field: "cloudProviderId" | "contactListId",
): string[] {
  return [...new Set(accounts.flatMap(({ input }) => input[field] ?? []))].sort();
}

/** One event for each, so that the trail of each is whole; open pages are notified once. */
async function tell(tx: Transaction, actor: Actor, news: readonly ImportedAccount[]) {
  const [first] = news;
  if (!first) return;
  const together = news.length > 1 && { together: news.length, act: randomUUID() };
  const events = news.map(({ id, input: { name } }) => ({
    actor,
    action: "email_account.create",
    object: { kind: "email_account", id, name },
    detail: { ...together },
  }));
  await recordAudits(tx, events);
  await publish(tx, { type: "email_account", id: first.id });
}
