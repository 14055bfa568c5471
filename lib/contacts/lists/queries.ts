import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { Choices } from "@/lib/kernel/choices/schema";
import { db } from "@/lib/kernel/db";
import { type Columns, defineList, findChoices, integer, text } from "@/lib/kernel/paging/store";
import { Prisma } from "@/prisma/generated/client";
import type { ContactListChoice, ContactListRow, ContactListUse } from "./schema";

const SEARCHED = Prisma.sql`l."nameKey"`;
const CONTACTS = Prisma.sql`(SELECT count(*)::int FROM "Contact" c WHERE c."contactListId" = l.id)`;
const ACCOUNTS = Prisma.sql`(SELECT count(*)::int FROM "EmailAccount" e WHERE e."contactListId" = l.id)`;

export async function searchContactLists(actor: Actor, search: string): Promise<Choices> {
  requirePermission(actor, "contacts:read");
  return findChoices({
    select: Prisma.sql`SELECT l.id, l.name FROM "ContactList" l`,
    searched: SEARCHED,
    search,
  });
}

/** Counted: there are far fewer lists than contacts. */
export const listContactLists = defineList({
  permission: "contacts:read",
  columns: Prisma.sql`l.id, l.name, l.version, ${CONTACTS} AS "contactCount",
    ${ACCOUNTS} AS "accountCount"` as Columns<ContactListRow>,
  tables: Prisma.sql`FROM "ContactList" l`,
  id: Prisma.sql`l.id`,
  searched: SEARCHED,
  sorts: {
    name: text(Prisma.sql`l."nameKey"`),
    contacts: integer(CONTACTS),
    accounts: integer(ACCOUNTS),
  },
  views: {
    empty: [
      "Without contacts",
      Prisma.sql`NOT EXISTS (SELECT 1 FROM "Contact" c WHERE c."contactListId" = l.id)`,
    ],
    unused: [
      "Without accounts",
      Prisma.sql`NOT EXISTS (SELECT 1 FROM "EmailAccount" e WHERE e."contactListId" = l.id)`,
    ],
  },
  filters: {},
});

/** Null: deleted. */
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

/** Null: deleted. */
export async function findEditedList(actor: Actor, id: string) {
  requirePermission(actor, "contacts:write");
  return db().contactList.findUnique({ where: { id }, select: { name: true, version: true } });
}

/** Null: deleted. */
export async function findContactListUse(actor: Actor, id: string): Promise<ContactListUse | null> {
  requirePermission(actor, "contacts:read");
  const list = await db().contactList.findUnique({
    where: { id },
    select: {
      _count: { select: { contacts: true, emailAccounts: true } },
      // Ends: Names; the count stands beside them.
      emailAccounts: { orderBy: { nameKey: "asc" }, take: 5, select: { name: true } },
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
