import { changedValues } from "@/lib/audit/stale-edit";
import type { Actor } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import type { MailService } from "@/lib/mail/services/schema";
import { alignMailboxes } from "@/lib/sign-ins/mailboxes/mutations";
import { Prisma } from "@/prisma/generated/client";
import { takesTokensOf } from "../hosts";
import { tellEach } from "../mutations";
import { ACCOUNT_LABELS, CONNECTION_FIELDS, canUseGraph, ONLY_WITH_GRAPH } from "../schema";
import { findReferenceNames } from "../store";
import { letNewSettingsBeTested, scheduleNextTests } from "../test-schedule/store";
import { requireSeen, selectedAccounts } from "./queries";
import {
  type AskedAccounts,
  type BulkResult,
  type ChangeAccounts,
  changeAccountsSchema,
  deleteAccountsSchema,
  MAX_CHANGED,
} from "./schema";

type Change = ChangeAccounts["change"];

/** Longer than 10,000 rows take; only changes to the same accounts wait. */
function within<R>(work: (tx: Transaction) => Promise<R>): Promise<R> {
  const inItsTime = async (tx: Transaction) => {
    await tx.$executeRaw`SET LOCAL statement_timeout = '55s'`;
    return work(tx);
  };
  return db().$transaction(inItsTime, { timeout: 60_000 });
}

/** In one transaction. Refused accounts stay as they are. */
export const changeAccounts = command({
  input: changeAccountsSchema,
  permission: "accounts:write",
  within,
  async run({ tx, actor }, input): Promise<BulkResult> {
    const { change } = input;
    const refusal = await refusalFor(tx, change);
    const { accounts, missing } = await lockSelected(tx, actor, input);
    const { changing, refused } = sort(accounts, change, refusal);
    await save(tx, changing, change);
    if (change.set === "cloudProviderId")
      for (const provider of new Set([change.to, ...changing.map((each) => each.cloudProviderId)]))
        await alignMailboxes(tx, provider, actor.name);
    const changes = await readChanges(tx, changing, change);
    await tellEach(tx, actor, { action: actionOf(change), changes });
    const changed = changing.length;
    return { changed, unchanged: accounts.length - changed - refused.length, missing, refused };
  },
});

/** Sign-ins at their providers stay. */
export const deleteAccounts = command({
  input: deleteAccountsSchema,
  permission: "accounts:write",
  proof: true,
  within,
  async run({ tx, actor }, input): Promise<BulkResult> {
    const { accounts, missing } = await lockSelected(tx, actor, input);
    const ids = accounts.map(({ id }) => id);
    await tx.$executeRaw`DELETE FROM "EmailAccount" WHERE id = ANY(${ids}::uuid[])`;
    for (const provider of new Set(accounts.map(({ cloudProviderId }) => cloudProviderId)))
      await alignMailboxes(tx, provider, actor.name);
    await tellEach(tx, actor, { action: "email_account.delete", changes: accounts.map(objectOf) });
    return { changed: accounts.length, unchanged: 0, missing, refused: [] };
  },
});

type Refusal = (account: LockedAccount) => string | null;

/** @throws AppError unprocessable: the list or provider is gone */
async function refusalFor(tx: Transaction, change: Change): Promise<Refusal> {
  if (change.set === "contactListId" && change.to) {
    const held = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM "ContactList" WHERE id = ${change.to}::uuid FOR KEY SHARE`;
    if (held.length === 0)
      throw new AppError("unprocessable", "This list no longer exists. Choose another one.");
  }
  if ((change.set === "sendsBy" || change.set === "readsBy") && change.to === "graph")
    return (account) => (canUseGraph(account) ? null : ONLY_WITH_GRAPH);
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
    return takesTokensOf(service, provider.service)
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
  if (CONNECTION_FIELDS.some((field) => field === change.set))
    await letNewSettingsBeTested(tx, ids);
}

function columnOf({ set, to }: Change): Prisma.Sql {
  switch (set) {
    case "active":
      return Prisma.sql`active = ${to}`;
    case "contactListId":
      return Prisma.sql`"contactListId" = ${to}::uuid`;
    case "testSchedule":
      return Prisma.sql`"testSchedule" = ${to}`;
    case "sendsBy":
      return Prisma.sql`"sendsBy" = ${to}`;
    case "readsBy":
      return Prisma.sql`"readsBy" = ${to}`;
    case "cloudProviderId":
      // SMTP finds its name again at another provider.
      return Prisma.sql`"cloudProviderId" = ${to}::uuid, "smtpUser" = NULL`;
  }
}

function actionOf({ set, to }: Change): string {
  if (set !== "active") return "email_account.update";
  return to ? "email_account.activate" : "email_account.deactivate";
}

const objectOf = ({ id, name }: LockedAccount) => ({ id, name });

async function readChanges(tx: Transaction, accounts: LockedAccount[], { set, to }: Change) {
  const changed = [ACCOUNT_LABELS[set]];
  const wanted = { contactListId: null, cloudProviderId: null, [set]: to };
  const names = await findReferenceNames(tx, [...accounts, wanted]);
  const labels = { [set]: ACCOUNT_LABELS[set] };
  return accounts.map((account) => {
    const values = changedValues({ [set]: account[set] }, { [set]: to }, { labels, names });
    return { ...objectOf(account), detail: { version: account.version + 1, changed, ...values } };
  });
}

type LockedAccount = {
  id: string;
  name: string;
  active: boolean;
  contactListId: string | null;
  cloudProviderId: string | null;
  testSchedule: string;
  sendsBy: string;
  readsBy: string;
  service: MailService;
  modernAuthentication: boolean;
  version: number;
};

/**
 * Locked in one order, against deadlocks.
 * @throws AppError stale, unprocessable: see requireSeen
 */
async function lockSelected(tx: Transaction, actor: Actor, asked: AskedAccounts) {
  const { selection } = asked;
  // Ends: More are refused, before anything is changed.
  const accounts = await tx.$queryRaw<LockedAccount[]>`
    SELECT e.id, e.name, e.active, e."contactListId", e."cloudProviderId", e."testSchedule", e."sendsBy", e."readsBy", e.service,
      e."modernAuthentication", e.version
    FROM "EmailAccount" e WHERE ${selectedAccounts(selection, actor)}
    ORDER BY e.id LIMIT ${MAX_CHANGED + 1} FOR UPDATE OF e`;
  requireSeen(accounts.length, asked);
  const named = selection.accounts === "selected" ? selection.emailAccountIds.length : 0;
  return { accounts, missing: Math.max(0, named - accounts.length) };
}
