import { randomUUID } from "node:crypto";
import { staleEdit } from "@/lib/audit/stale-edit";
import { tellOf } from "@/lib/audit/tell";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import {
  type ContactListChoice,
  createContactListSchema,
  type DeleteContactList,
  deleteContactListSchema,
  renameContactListSchema,
} from "./schema";

const tell = tellOf("contact_list", "contact");

export const createContactList = command({
  input: createContactListSchema,
  permission: "contacts:write",
  async run({ tx, actor }, { name }): Promise<ContactListChoice> {
    const id = randomUUID();
    await requireFreeName(tx, name);
    await tx.contactList.create({
      data: { id, name, nameKey: nameKey(name) },
      select: { id: true },
    });
    await tell(tx, actor, { action: "contact_list.create", id, name });
    return { id, name };
  },
});

export const renameContactList = command({
  input: renameContactListSchema,
  permission: "contacts:write",
  async run({ tx, actor }, input): Promise<void> {
    const { id, version, name } = input;
    const before = await tx.contactList.findUnique({
      where: { id },
      select: { name: true, version: true },
    });
    if (!before) throw listNotFound();
    if (before.name === name && before.version === version) return;
    await requireFreeName(tx, name, id);
    const { count } = await tx.contactList.updateMany({
      where: { id, version },
      data: { name, nameKey: nameKey(name), version: { increment: 1 } },
    });
    if (count !== 1)
      throw await staleEdit({ kind: "contact_list", id, name: before.name }, version, tx);
    const detail = { version: version + 1, changed: ["Name"], was: before.name };
    await tell(tx, actor, { action: "contact_list.rename", id, name, detail });
  },
});

/** A list may have 100,000 contacts in many indexes. */
const DELETE_MS = MINUTE_MS;

/** With its contacts, or both contacts and accounts go to another list. */
export const deleteContactList = command({
  input: deleteContactListSchema,
  permission: "contacts:write",
  of: "ContactList",
  within: (work) => db().$transaction(work, { timeout: DELETE_MS }),
  async run({ tx, actor }, input): Promise<void> {
    const { id, moveTo } = input;
    await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${DELETE_MS}`);
    const list = await tx.contactList.findUnique({ where: { id }, select: { name: true } });
    if (!list) throw listNotFound();
    await requireTarget(tx, input);
    const accounts = await tx.emailAccount.updateMany({
      where: { contactListId: id },
      data: { contactListId: moveTo, version: { increment: 1 } },
    });
    const contacts = moveTo
      ? await tx.contact.updateMany({
          where: { contactListId: id },
          data: { contactListId: moveTo, version: { increment: 1 } },
        })
      : await tx.contact.deleteMany({ where: { contactListId: id } });
    await tx.contactList.delete({ where: { id }, select: { id: true } });
    const counts = { contacts: contacts.count, accounts: accounts.count };
    const detail = moveTo ? { ...counts, movedTo: moveTo } : counts;
    await tell(tx, actor, { action: "contact_list.delete", id, name: list.name, detail });
    if (accounts.count > 0) await publish(tx, { type: "email_account", id: "" });
  },
});

async function requireTarget(tx: Transaction, { id, moveTo }: DeleteContactList): Promise<void> {
  if (moveTo === null) return;
  if (moveTo === id) throw fieldError("moveTo", "Choose a list other than the one you delete.");
  if ((await tx.contactList.count({ where: { id: moveTo } })) === 0)
    throw fieldError("moveTo", "This list no longer exists. Choose another one.");
}

async function requireFreeName(tx: Transaction, name: string, ownId?: string): Promise<void> {
  const taken = await tx.contactList.findUnique({
    where: { nameKey: nameKey(name) },
    select: { id: true, name: true },
  });
  if (!taken || taken.id === ownId) return;
  const message = `A list named “${taken.name}” already exists.`;
  throw new AppError("conflict", message, { fields: { name: [message] } });
}

export function listNotFound(): AppError {
  return new AppError("not_found", "This list no longer exists.");
}
