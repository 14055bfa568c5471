import { randomUUID } from "node:crypto";
import { recordAudits } from "@/lib/audit/mutations";
import { changedFields, changedValues, staleEdit } from "@/lib/audit/stale-edit";
import { type Change, tellOf } from "@/lib/audit/tell";
import { requireAllowedHosts } from "@/lib/egress/allowed-hosts";
import type { Actor } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import { publish } from "@/lib/kernel/events/mutations";
import { emailKey, nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { configuredEgress } from "@/lib/mail/configured";
import { hasOwnHosts } from "@/lib/mail/services/schema";
import { alignMailboxes } from "@/lib/sign-ins/mailboxes/mutations";
import { Prisma } from "@/prisma/generated/client";
import { accountNotFound, editedView } from "./queries";
import {
  ACCOUNT_LABELS,
  CONNECTION_FIELDS,
  type CreateEmailAccount,
  createEmailAccountSchema,
  deleteEmailAccountSchema,
  setActiveSchema,
  type UpdateEmailAccount,
  updateEmailAccountSchema,
} from "./schema";
import { findReferenceNames, requireFreeKey, requireOwnReferences, takeKey } from "./store";
import { isFor, passwordColumn, requirePasswordFor } from "./stored-password";
import { letNewSettingsBeTested, scheduleNextTests } from "./test-schedule/store";

const tell = tellOf("email_account", "email_account");

/** PostgreSQL takes 65,535 values in a statement. */
const EVENTS_AT_ONCE = 2_000;

type Changes = { action: string; changes: readonly Omit<Change, "action">[] };

/**
 * An event for each of many accounts; open pages hear of it once.
 * @permission none: a part of what changes them.
 */
export async function tellEach(tx: Transaction, actor: Actor, { action, changes }: Changes) {
  const [first] = changes;
  if (!first) return;
  const together = changes.length > 1 && { together: changes.length, act: randomUUID() };
  const events = changes.map(({ id, name, detail }) => {
    const object = { kind: "email_account", id, name };
    return { actor, action, object, detail: { ...detail, ...together } };
  });
  for (let at = 0; at < events.length; at += EVENTS_AT_ONCE)
    await recordAudits(tx, events.slice(at, at + EVENTS_AT_ONCE));
  await publish(tx, { type: "email_account", id: first.id });
}

export const createEmailAccount = command({
  input: createEmailAccountSchema,
  permission: "accounts:write",
  async run({ tx, actor }, input): Promise<{ id: string }> {
    requireAllowedHosts(input.hosts, configuredEgress());
    const id = randomUUID();
    const key = await takeKey(tx, input);
    await requireOwnReferences(tx, input);
    await requireFreeKey(tx, key);
    await tx.emailAccount.create({
      data: newAccountColumns(id, { ...input, key }),
      select: { id: true },
    });
    await scheduleNextTests(tx, [id]);
    await alignMailboxes(tx, input.cloudProviderId, actor.name);
    await tell(tx, actor, { action: "email_account.create", id, name: input.name });
    return { id };
  },
});

/** They decide a protocol's login. */
const OF_NAMES = new Set<string>([
  ACCOUNT_LABELS.username,
  ACCOUNT_LABELS.mailbox,
  ACCOUNT_LABELS.emailAddress,
  ACCOUNT_LABELS.cloudProviderId,
  ACCOUNT_LABELS.service,
  ACCOUNT_LABELS.modernAuthentication,
]);

const PASSWORD = "Password";

const OF_CONNECTION = new Set<string>([
  ...CONNECTION_FIELDS.map((field) => ACCOUNT_LABELS[field]),
  PASSWORD,
]);

const comparedView = { ...editedView, passwordSealed: true, formerUsername: true } as const;

/**
 * Tokens stay. So does the password, unless it is typed again, unused, or for another destination.
 * @throws AppError stale, conflict on `key`, not_found, unprocessable
 */
export const updateEmailAccount = command({
  input: updateEmailAccountSchema,
  permission: "accounts:write",
  async run({ tx, actor }, input): Promise<void> {
    requireAllowedHosts(input.hosts, configuredEgress());
    const { id, version, ...fields } = input;
    const before = await tx.emailAccount.findUnique({ where: { id }, select: comparedView });
    if (!before) throw accountNotFound();
    const object = { kind: "email_account", id, name: before.name };
    if (before.version !== version) throw await staleEdit(object, version, tx);
    if (!input.modernAuthentication && input.password === "") requirePasswordFor(input, before);
    const { after, changed, passwordSealed, isKept } = readEdit(before, input);
    if (changed.length === 0) return;
    await requireOwnReferences(tx, input);
    await requireFreeKey(tx, input.key, id);
    const { count } = await tx.emailAccount.updateMany({
      where: { id, version },
      data: {
        ...columns(fields),
        version: { increment: 1 },
        updatedAt: wallTime(),
        ...(passwordSealed !== undefined && { passwordSealed }),
        ...(!isKept && { formerUsername: null, movedAt: null }),
        // SMTP finds its name again.
        ...(changed.some((field) => OF_NAMES.has(field)) && { smtpUser: null }),
      },
    });
    if (count !== 1) throw await staleEdit(object, version, tx);
    if (input.testSchedule !== before.testSchedule) await scheduleNextTests(tx, [id]);
    if (changed.some((field) => OF_CONNECTION.has(field))) await letNewSettingsBeTested(tx, [id]);
    for (const each of new Set([before.cloudProviderId, input.cloudProviderId]))
      await alignMailboxes(tx, each, actor.name);
    const names = await findReferenceNames(tx, [before, input]);
    const values = changedValues(before, after, { labels: ACCOUNT_LABELS, names });
    await tell(tx, actor, {
      action: "email_account.update",
      id,
      name: input.name,
      detail: { version: version + 1, changed, ...values },
    });
  },
});

type Before = Prisma.EmailAccountGetPayload<{ select: typeof comparedView }>;

function readEdit(before: Before, input: UpdateEmailAccount) {
  // A moved account's password erases itself.
  const isKept = before.modernAuthentication && input.modernAuthentication && isFor(input, before);
  const passwordSealed = isKept ? undefined : passwordColumn(input.id, input);
  const after = { ...input, mailbox: mailboxColumn(input) };
  const changed: string[] = changedFields(before, after, ACCOUNT_LABELS);
  if (passwordSealed) changed.push(PASSWORD);
  return { after, changed, passwordSealed, isKept };
}

export const setEmailAccountActive = command({
  input: setActiveSchema,
  permission: "accounts:write",
  of: "EmailAccount",
  async run({ tx, actor }, { id, active }): Promise<void> {
    const before = await tx.emailAccount.findUnique({ where: { id }, select: { active: true } });
    if (before?.active === active) return;
    const [account] = await tx.emailAccount.updateManyAndReturn({
      where: { id },
      data: { active, version: { increment: 1 }, updatedAt: wallTime() },
      select: { name: true, version: true },
    });
    if (!account) throw accountNotFound();
    await tell(tx, actor, {
      action: active ? "email_account.activate" : "email_account.deactivate",
      id,
      name: account.name,
      detail: { version: account.version, changed: ["Active"] },
    });
  },
});

/** The sign-in at the provider stays. */
export const deleteEmailAccount = command({
  input: deleteEmailAccountSchema,
  permission: "accounts:write",
  of: "EmailAccount",
  proof: true,
  async run({ tx, actor }, { id }): Promise<void> {
    const select = { name: true, cloudProviderId: true };
    const account = await tx.emailAccount.findUnique({ where: { id }, select });
    if (!account) throw accountNotFound();
    await tx.emailAccount.delete({ where: { id }, select: { id: true } });
    await alignMailboxes(tx, account.cloudProviderId, actor.name);
    await tell(tx, actor, { action: "email_account.delete", id, name: account.name });
  },
});

export function newAccountColumns(id: string, input: CreateEmailAccount) {
  return { id, ...columns(input), passwordSealed: passwordColumn(id, input) ?? null };
}

function columns({ password: _password, ...fields }: CreateEmailAccount) {
  const { name, key, emailAddress, username, modernAuthentication, service, hosts } = fields;
  return {
    ...fields,
    nameKey: nameKey(name),
    keyKey: nameKey(key),
    emailKey: emailKey(emailAddress),
    usernameKey: emailKey(username),
    mailbox: mailboxColumn(fields),
    cloudProviderId: modernAuthentication ? fields.cloudProviderId : null,
    hosts: hasOwnHosts(service) && hosts ? hosts : Prisma.DbNull,
  };
}

/** Only tokens open another mailbox. */
type Mailbox = Pick<CreateEmailAccount, "modernAuthentication" | "mailbox">;

function mailboxColumn({ modernAuthentication, mailbox }: Mailbox): string | null {
  return modernAuthentication && mailbox !== "" ? mailbox : null;
}
