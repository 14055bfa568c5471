import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { Choices } from "@/lib/kernel/choices/schema";
import { findChoices } from "@/lib/kernel/choices/store";
import { db } from "@/lib/kernel/db";
import type { ListParams, Page } from "@/lib/kernel/paging/schema";
import { findPage } from "@/lib/kernel/paging/store";
import { Prisma } from "@/prisma/generated/client";
import type { ContactListChoice, ContactListRow, ContactListSort, ContactListUse } from "./schema";

/** The lists to choose from: for an account, or as the place to move contacts to. */
export async function searchContactLists(actor: Actor, search: string): Promise<Choices> {
  requirePermission(actor, "contacts:read");
  return findChoices({
    select: Prisma.sql`SELECT l.id, l.name FROM "ContactList" l`,
    searched: Prisma.sql`l."nameKey"`,
    search,
    orderBy: Prisma.sql`l."nameKey"`,
  });
}

type FoundRow = ContactListRow & { nameKey: string };

export async function listContactLists(
  actor: Actor,
  params: ListParams<ContactListSort>,
): Promise<Page<ContactListRow>> {
  requirePermission(actor, "contacts:read");
  const { rows, ...page } = await findPage<ContactListSort, FoundRow>({
    params,
    sorts: {
      name: { column: Prisma.sql`l."nameKey"`, type: "text", value: ({ nameKey }) => nameKey },
    },
    id: Prisma.sql`l.id`,
    select: Prisma.sql`SELECT l.id, l.name, l."nameKey", l.version,
      (SELECT count(*)::int FROM "Contact" c WHERE c."contactListId" = l.id) AS "contactCount",
      (SELECT count(*)::int FROM "EmailAccount" e WHERE e."contactListId" = l.id) AS "accountCount"
      FROM "ContactList" l`,
    from: Prisma.sql`FROM "ContactList" l`,
    searched: Prisma.sql`l."nameKey"`,
  });
  return { rows: rows.map(({ nameKey: _, ...row }) => row), ...page };
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

/** What renaming a list begins with, for whoever may rename it; null when it was deleted. */
export async function findEditedList(actor: Actor, id: string) {
  requirePermission(actor, "contacts:write");
  return db().contactList.findUnique({ where: { id }, select: { name: true, version: true } });
}

const NAMED_ACCOUNTS = 5;

/** What depends on a list, for a person who is about to delete it; null when it is gone. */
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
