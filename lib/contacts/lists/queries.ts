import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { ContactListChoice, ContactListRow, ContactListUse } from "./schema";

const MAX_LISTS = 500;

/** The lists by name, for the choice on an account. */
export async function listContactListChoices(actor: Actor): Promise<ContactListChoice[]> {
  requirePermission(actor, "contacts:read");
  return db().contactList.findMany({
    orderBy: { nameKey: "asc" },
    take: MAX_LISTS,
    select: { id: true, name: true },
  });
}

export async function listContactLists(actor: Actor): Promise<ContactListRow[]> {
  requirePermission(actor, "contacts:read");
  const rows = await db().contactList.findMany({
    orderBy: { nameKey: "asc" },
    take: MAX_LISTS,
    select: {
      id: true,
      name: true,
      version: true,
      _count: { select: { contacts: true, emailAccounts: true } },
    },
  });
  return rows.map(({ id, name, version, _count }) => ({
    id,
    name,
    version,
    contactCount: _count.contacts,
    accountCount: _count.emailAccounts,
  }));
}

/** Null when it was deleted. */
export async function findContactList(
  actor: Actor,
  id: string,
): Promise<(ContactListChoice & { version: number }) | null> {
  requirePermission(actor, "contacts:read");
  return db().contactList.findUnique({
    where: { id },
    select: { id: true, name: true, version: true },
  });
}

const NAMED_ACCOUNTS = 5;

/** What depends on a list, asked for when somebody is about to delete it; null when it is gone. */
export async function findContactListUse(actor: Actor, id: string): Promise<ContactListUse | null> {
  requirePermission(actor, "contacts:read");
  const list = await db().contactList.findUnique({
    where: { id },
    select: {
      _count: { select: { contacts: true, emailAccounts: true } },
      emailAccounts: { orderBy: { nameKey: "asc" }, take: NAMED_ACCOUNTS, select: { name: true } },
    },
  });
  if (!list) return null;
  const { _count, emailAccounts } = list;
  return {
    contactCount: _count.contacts,
    accountCount: _count.emailAccounts,
    accountNames: emailAccounts.map(({ name }) => name),
  };
}
