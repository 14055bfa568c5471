import "server-only";
import { randomUUID } from "node:crypto";
import { type Actor, requirePermission } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/mutations";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/events/mutations";
import { emailKey, nameKey } from "@/lib/normalize";
import type { ContactListChoice, CreateContact, CreateContactList } from "./schema";

/** @throws AppError conflict on the field `name` */
export async function createContactList(
  actor: Actor,
  { name }: CreateContactList,
): Promise<ContactListChoice> {
  requirePermission(actor, "contacts:write");
  const id = randomUUID();
  await db().$transaction(async (tx) => {
    const taken = await tx.contactList.findUnique({
      where: { nameKey: nameKey(name) },
      select: { name: true },
    });
    if (taken) throw conflictOn("name", `There is a list named “${taken.name}” already.`);
    await tx.contactList.create({
      data: { id, name, nameKey: nameKey(name) },
      select: { id: true },
    });
    const object = { kind: "contact_list", id, name };
    await recordAudit(tx, actor, { action: "contact_list.create", object });
    await publish(tx, { type: "contact", id });
  });
  return { id, name };
}

/** @throws AppError conflict on the field `email`, not_found when the list is gone */
export async function createContact(actor: Actor, input: CreateContact): Promise<{ id: string }> {
  requirePermission(actor, "contacts:write");
  const id = randomUUID();
  const key = emailKey(input.email);
  await db().$transaction(async (tx) => {
    const list = await tx.contactList.findUnique({
      where: { id: input.contactListId },
      select: { id: true },
    });
    if (!list) throw new AppError("not_found", "This list no longer exists.");
    const taken = await tx.contact.findUnique({
      where: { emailKey: key },
      select: { contactList: { select: { name: true } } },
    });
    if (taken)
      throw conflictOn("email", `This address is in the list “${taken.contactList.name}” already.`);
    await tx.contact.create({ data: { ...input, id, emailKey: key }, select: { id: true } });
    const object = { kind: "contact", id, name: input.email };
    await recordAudit(tx, actor, { action: "contact.create", object });
    await publish(tx, { type: "contact", id: input.contactListId });
  });
  return { id };
}

function conflictOn(field: string, message: string): AppError {
  return new AppError("conflict", message, { fields: { [field]: [message] } });
}
