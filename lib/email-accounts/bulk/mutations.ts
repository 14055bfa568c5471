import "server-only";
import { randomUUID } from "node:crypto";
import { recordAudits } from "@/lib/audit/mutations";
import { changedValues } from "@/lib/audit/stale-edit";
import type { Actor } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import { SERVICES } from "@/lib/mail/services/schema";
import { alignMailboxes } from "@/lib/sign-ins/mailboxes/mutations";
import { Prisma } from "@/prisma/generated/client";
import { takesTokensOf } from "../hosts";
import { findReferenceNames } from "../store";
import { letNewSettingsBeTested, scheduleNextTests } from "../test-schedule/store";
import {
  type BulkResult,
  type ChangeAccounts,
  changeAccountsSchema,
  deleteAccountsSchema,
} from "./schema";
import { type LockedAccount, lockSelected } from "./store";

type Change = ChangeAccounts["change"];

const LABELS = {
  active: "Active",
  contactListId: "List",
  cloudProviderId: "Cloud Provider",
  testSchedule: "Connection test",
} as const;

/** Longer than ten thousand rows take; only changes to the same accounts wait for it. */
const WITHIN = { timeout: 60_000 };

/**
 * Gives many accounts one value, in one transaction: after a crash all have it, or none. Accounts that
 * cannot have it are left as they are and named with the reason.
 *
 * @throws AppError stale when the list shows other accounts than were seen, unprocessable
 */
export const changeAccounts = command({
  input: changeAccountsSchema,
  permission: "accounts:write",
  within: (work) => db().$transaction(work, WITHIN),
  async run({ tx, actor }, input): Promise<BulkResult> {
    const { change, selection } = input;
    await allowItsTime(tx);
    const refusal = await refusalFor(tx, change);
    const accounts = await lockSelected(tx, actor, input);
    const result = sort(accounts, change, refusal);
    const { changing, refused } = result;
    await save(tx, changing, change);
    if (change.set === "cloudProviderId")
      for (const provider of new Set([change.to, ...changing.map((each) => each.cloudProviderId)]))
        await alignMailboxes(tx, provider, actor.name);
    await tell(tx, actor, { accounts: changing, ...actionOf(change), change });
    const asked = selection.accounts === "selected" ? selection.emailAccountIds.length : 0;
    return {
      changed: changing.length,
      unchanged: accounts.length - changing.length - refused.length,
      missing: Math.max(0, asked - accounts.length),
      refused,
    };
  },
});

/** Deletes many accounts with their test reports; the sign-ins at their providers stay. */
export const deleteAccounts = command({
  input: deleteAccountsSchema,
  permission: "accounts:write",
  proof: true,
  within: (work) => db().$transaction(work, WITHIN),
  async run({ tx, actor }, input): Promise<BulkResult> {
    const { selection } = input;
    await allowItsTime(tx);
    const accounts = await lockSelected(tx, actor, input);
    const ids = accounts.map(({ id }) => id);
    await tx.$executeRaw`DELETE FROM "EmailAccount" WHERE id = ANY(${ids}::uuid[])`;
    for (const provider of new Set(accounts.map(({ cloudProviderId }) => cloudProviderId)))
      await alignMailboxes(tx, provider, actor.name);
    await tell(tx, actor, { accounts, action: "email_account.delete" });
    const asked = selection.accounts === "selected" ? selection.emailAccountIds.length : 0;
    const missing = Math.max(0, asked - accounts.length);
    return { changed: accounts.length, unchanged: 0, missing, refused: [] };
  },
});

/** A statement may take ten seconds; that of ten thousand accounts with their reports may take longer. */
async function allowItsTime(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SET LOCAL statement_timeout = '55s'`;
}

type Refusal = (account: LockedAccount) => string | null;

/** @throws AppError unprocessable when the list or the provider that is wanted is gone */
async function refusalFor(tx: Transaction, change: Change): Promise<Refusal> {
  if (change.set === "contactListId" && change.to) {
    const held = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM "ContactList" WHERE id = ${change.to}::uuid FOR KEY SHARE`;
    if (held.length === 0)
      throw new AppError("unprocessable", "This list no longer exists. Choose another one.");
  }
  if (change.set !== "cloudProviderId") return () => null;
  const [provider] = await tx.$queryRaw<{ service: string }[]>`
    SELECT service FROM "CloudProvider" WHERE id = ${change.to}::uuid FOR KEY SHARE`;
  if (!provider)
    throw new AppError(
      "unprocessable",
      "This cloud provider no longer exists. Choose another one.",
    );
  return ({ service, modernAuthentication }) => {
    if (!modernAuthentication) return "It signs in with a password. Use Migration to move it.";
    const known = SERVICES.find((each) => each === service);
    return known && takesTokensOf(known, provider.service)
      ? null
      : "This cloud provider belongs to another service.";
  };
}

function sort(accounts: LockedAccount[], change: Change, refusal: Refusal) {
  const changing: LockedAccount[] = [];
  const refused: BulkResult["refused"] = [];
  for (const account of accounts) {
    if (account[change.set] === change.to) continue;
    const reason = refusal(account);
    if (reason) refused.push({ id: account.id, name: account.name, reason });
    else changing.push(account);
  }
  return { changing, refused };
}

async function save(tx: Transaction, changing: LockedAccount[], change: Change): Promise<void> {
  const ids = changing.map(({ id }) => id);
  await tx.$executeRaw`UPDATE "EmailAccount" SET ${columnOf(change)}, version = version + 1,
    "updatedAt" = now() WHERE id = ANY(${ids}::uuid[])`;
  if (change.set === "testSchedule") await scheduleNextTests(tx, ids);
  if (change.set === "cloudProviderId") await letNewSettingsBeTested(tx, ids);
}

function columnOf({ set, to }: Change): Prisma.Sql {
  switch (set) {
    case "active":
      return Prisma.sql`active = ${to}`;
    case "contactListId":
      return Prisma.sql`"contactListId" = ${to}::uuid`;
    case "testSchedule":
      return Prisma.sql`"testSchedule" = ${to}`;
    case "cloudProviderId":
      // Another provider, other rights: whose name SMTP takes is found out again.
      return Prisma.sql`"cloudProviderId" = ${to}::uuid, "smtpUser" = NULL`;
  }
}

type Told = { accounts: LockedAccount[]; action: string; changed?: string[]; change?: Change };

function actionOf(change: Change): Pick<Told, "action" | "changed"> {
  if (change.set === "active")
    return {
      action: change.to ? "email_account.activate" : "email_account.deactivate",
      changed: [LABELS.active],
    };
  return { action: "email_account.update", changed: [LABELS[change.set]] };
}

/** So many in one statement: PostgreSQL takes 65,535 values. */
const EVENTS_AT_ONCE = 2_000;

/**
 * One event for each account, so that the trail of each is whole, with how many were changed together; open
 * pages are notified once.
 */
async function tell(
  tx: Transaction,
  actor: Actor,
  { accounts, action, changed, change }: Told,
): Promise<void> {
  const [first] = accounts;
  if (!first) return;
  const together = accounts.length > 1 && { together: accounts.length, act: randomUUID() };
  const valuesOf = change && (await readValues(tx, accounts, change));
  const events = accounts.map((account) => ({
    actor,
    action,
    object: { kind: "email_account", id: account.id, name: account.name },
    detail: {
      ...(changed && { version: account.version + 1, changed }),
      ...valuesOf?.(account),
      ...together,
    },
  }));
  for (let at = 0; at < events.length; at += EVENTS_AT_ONCE)
    await recordAudits(tx, events.slice(at, at + EVENTS_AT_ONCE));
  await publish(tx, { type: "email_account", id: first.id });
}

/** What each account had, and has now, by the names of lists and providers. */
async function readValues(tx: Transaction, accounts: LockedAccount[], { set, to }: Change) {
  const names = await findReferenceNames(tx, [
    ...accounts,
    { contactListId: null, cloudProviderId: null, [set]: to },
  ]);
  return (account: LockedAccount) =>
    changedValues(
      { [set]: account[set] },
      { [set]: to },
      { labels: { [set]: LABELS[set] }, names },
    );
}
