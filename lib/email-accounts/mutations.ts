import "server-only";
import { randomUUID } from "node:crypto";
import { changedFields, changedValues, staleEdit } from "@/lib/audit/stale-edit";
import { tellOf } from "@/lib/audit/tell";
import { requireAllowedHosts } from "@/lib/egress/allowed-hosts";
import { wallTime } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import { emailKey, nameKey } from "@/lib/kernel/text/normalize";
import { configuredEgress } from "@/lib/mail/configured";
import { hasOwnHosts } from "@/lib/mail/services/schema";
import { alignMailboxes } from "@/lib/sign-ins/mailboxes/mutations";
import { Prisma } from "@/prisma/generated/client";
import { accountNotFound, editedView } from "./queries";
import {
  type CreateEmailAccount,
  createEmailAccountSchema,
  deleteEmailAccountSchema,
  setActiveSchema,
  type UpdateEmailAccount,
  updateEmailAccountSchema,
} from "./schema";
import { findReferenceNames, requireFreeKey, requireReferences, takeKey } from "./store";
import { isFor, passwordColumn, requirePasswordFor } from "./stored-password";
import { CONNECTION_FIELDS } from "./test-schedule/schema";
import { letNewSettingsBeTested, scheduleNextTests } from "./test-schedule/store";

const tell = tellOf("email_account", "email_account");

/** @throws AppError conflict on `key`, not_found, unprocessable with fields */
export const createEmailAccount = command({
  input: createEmailAccountSchema,
  permission: "accounts:write",
  async run({ tx, actor }, input): Promise<{ id: string }> {
    requireAllowedHosts(input.hosts, configuredEgress());
    const id = randomUUID();
    const key = await takeKey(tx, input);
    await requireReferences(tx, input);
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

const LABELS = {
  name: "Name",
  key: "Key",
  emailAddress: "Email Address",
  contactListId: "List",
  active: "Active",
  service: "Service",
  modernAuthentication: "Modern Authentication",
  username: "Username",
  mailbox: "Mailbox",
  cloudProviderId: "Cloud Provider",
  hosts: "Mail servers",
  description: "Description",
  testSchedule: "Connection test",
  captureReplyTo: "Save the Reply-To address",
  captureAutomatic: "Save automatic senders",
} as const;

/** What decides under which name a protocol signs in. */
const OF_NAMES = new Set<string>([
  LABELS.username,
  LABELS.mailbox,
  LABELS.emailAddress,
  LABELS.cloudProviderId,
  LABELS.service,
  LABELS.modernAuthentication,
]);

const PASSWORD = "Password";

const OF_CONNECTION = new Set<string>([
  ...CONNECTION_FIELDS.map((field) => LABELS[field]),
  PASSWORD,
]);

const comparedView = { ...editedView, passwordSealed: true, formerUsername: true } as const;

/**
 * Saves an edit. Tokens belong to the sign-in at the provider and are never touched here; the stored
 * password stays unless another one was typed, the account no longer uses one, or it would go to other
 * servers or under another name than those that it was typed for: then it has to be typed again. An edit
 * that changes nothing is none.
 *
 * @throws AppError stale with what changed meanwhile, conflict on `key`, not_found, unprocessable
 */
export const updateEmailAccount = command({
  input: updateEmailAccountSchema,
  permission: "accounts:write",
  async run({ tx, actor }, input): Promise<void> {
    requireAllowedHosts(input.hosts, configuredEgress());
    const { id, version } = input;
    const before = await tx.emailAccount.findUnique({ where: { id }, select: comparedView });
    if (!before) throw accountNotFound();
    const object = { kind: "email_account", id, name: before.name };
    if (before.version !== version) throw await staleEdit(object, version, tx);
    if (!input.modernAuthentication && input.password === "") requirePasswordFor(input, before);
    const { after, changed, passwordSealed, isKept } = readEdit(before, input);
    if (changed.length === 0) return;
    await requireReferences(tx, input);
    await requireFreeKey(tx, input.key, id);
    const { count } = await tx.emailAccount.updateMany({
      where: { id, version },
      data: {
        ...columns(input),
        version: { increment: 1 },
        updatedAt: wallTime(),
        ...(passwordSealed !== undefined && { passwordSealed }),
        ...(!isKept && { formerUsername: null, movedAt: null }),
        // Other names, other rights: whose SMTP takes is found out again.
        ...(changed.some((field) => OF_NAMES.has(field)) && { smtpUser: null }),
      },
    });
    if (count !== 1) throw await staleEdit(object, version, tx);
    if (input.testSchedule !== before.testSchedule) await scheduleNextTests(tx, [id]);
    if (changed.some((field) => OF_CONNECTION.has(field))) await letNewSettingsBeTested(tx, [id]);
    for (const each of new Set([before.cloudProviderId, input.cloudProviderId]))
      await alignMailboxes(tx, each, actor.name);
    const names = await findReferenceNames(tx, [before, input]);
    const values = changedValues(before, after, { labels: LABELS, names });
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
  // The password of an account that was moved stays until it is erased by itself.
  const isKept = before.modernAuthentication && input.modernAuthentication && isFor(input, before);
  const passwordSealed = isKept ? undefined : passwordColumn(input.id, input);
  const after = { ...input, mailbox: mailboxColumn(input) };
  const changed: string[] = changedFields(before, after, LABELS);
  if (passwordSealed) changed.push(PASSWORD);
  return { after, changed, passwordSealed, isKept };
}

/** @throws AppError not_found */
export const setEmailAccountActive = command({
  input: setActiveSchema,
  permission: "accounts:write",
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

/** Deletes the account with its test reports; the sign-in at the provider stays. */
export const deleteEmailAccount = command({
  input: deleteEmailAccountSchema,
  permission: "accounts:write",
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

/** A new account as it is stored. */
export function newAccountColumns(id: string, input: CreateEmailAccount) {
  return { id, ...columns(input), passwordSealed: passwordColumn(id, input) ?? null };
}

/** The columns of a form: everything but its id, its version and the password. */
function columns(input: CreateEmailAccount) {
  const { name, key, emailAddress, contactListId, active, service, description } = input;
  const { modernAuthentication, username, cloudProviderId, hosts } = input;
  const { captureReplyTo, captureAutomatic } = input;
  return {
    name,
    nameKey: nameKey(name),
    key,
    keyKey: nameKey(key),
    emailAddress,
    emailKey: emailKey(emailAddress),
    contactListId,
    active,
    service,
    modernAuthentication,
    username,
    usernameKey: emailKey(username),
    mailbox: mailboxColumn(input),
    cloudProviderId: modernAuthentication ? cloudProviderId : null,
    hosts: hasOwnHosts(service) && hosts ? hosts : Prisma.DbNull,
    description,
    testSchedule: input.testSchedule,
    captureReplyTo,
    captureAutomatic,
  };
}

/** Only a token opens another mailbox than that of the name it signs in with. */
function mailboxColumn({ modernAuthentication, mailbox }: CreateEmailAccount): string | null {
  return modernAuthentication && mailbox !== "" ? mailbox : null;
}
