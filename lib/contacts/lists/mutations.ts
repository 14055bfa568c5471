import "server-only";
import { randomUUID } from "node:crypto";
import { staleEdit } from "@/lib/audit/stale-edit";
import { tellOf } from "@/lib/audit/tell";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import type {
  ContactListChoice,
  CreateContactList,
  DeleteContactList,
  RenameContactList,
} from "./schema";

const tell = tellOf("contact_list", "contact");

/** @throws AppError conflict on the field `name` */
export async function createContactList(
  actor: Actor,
  { name }: CreateContactList,
): Promise<ContactListChoice> {
  requirePermission(actor, "contacts:write");
  const id = randomUUID();
  await db().$transaction(async (tx) => {
    await requireFreeName(tx, name);
    await tx.contactList.create({
      data: { id, name, nameKey: nameKey(name) },
      select: { id: true },
    });
    await tell(tx, actor, { action: "contact_list.create", id, name });
  });
  return { id, name };
}

/** @throws AppError stale with who changed it meanwhile, conflict on the field `name`, not_found */
export async function renameContactList(actor: Actor, input: RenameContactList): Promise<void> {
  requirePermission(actor, "contacts:write");
  const { id, version, name } = input;
  const before = await db().contactList.findUnique({
    where: { id },
    select: { name: true, version: true },
  });
  if (!before) throw listNotFound();
  if (before.name === name && before.version === version) return;
  const isRenamed = await db().$transaction(async (tx) => {
    await requireFreeName(tx, name, id);
    const { count } = await tx.contactList.updateMany({
      where: { id, version },
      data: { name, nameKey: nameKey(name), version: { increment: 1 } },
    });
    if (count !== 1) return false;
    const detail = { version: version + 1, changed: ["Name"], was: before.name };
    await tell(tx, actor, { action: "contact_list.rename", id, name, detail });
    return true;
  });
  if (!isRenamed) throw await staleEdit({ kind: "contact_list", id, name: before.name }, version);
}

/** A list may hold a hundred thousand contacts, and each is in many indexes. */
const DELETE_MS = MINUTE_MS;

/**
 * Deletes a list. Its contacts go with it, and accounts that save to it stop saving new senders; or
 * both go to another list.
 *
 * @throws AppError not_found, unprocessable on the field `moveTo`
 */
export async function deleteContactList(actor: Actor, input: DeleteContactList): Promise<void> {
  requirePermission(actor, "contacts:write");
  const { id, moveTo } = input;
  await db().$transaction(
    async (tx) => {
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
    { timeout: DELETE_MS },
  );
}

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
