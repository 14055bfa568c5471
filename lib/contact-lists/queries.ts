import "server-only";
import { type Actor, requirePermission } from "@/lib/actor";
import { db } from "@/lib/db";
import type { ListParams, Page } from "@/lib/paging/schema";
import { findPage } from "@/lib/paging/store";
import { Prisma } from "@/prisma/generated/client";
import type { ContactListChoice, ContactListRow, ContactRow, ContactSort } from "./schema";

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
      _count: { select: { contacts: true, emailAccounts: true } },
    },
  });
  return rows.map(({ id, name, _count }) => ({
    id,
    name,
    contactCount: _count.contacts,
    accountCount: _count.emailAccounts,
  }));
}

/** Null when it was deleted. */
export async function findContactList(actor: Actor, id: string): Promise<ContactListChoice | null> {
  requirePermission(actor, "contacts:read");
  return db().contactList.findUnique({ where: { id }, select: { id: true, name: true } });
}

type FoundRow = ContactRow & { emailKey: string };

/** @param contactListId one list, or all of them */
export async function listContacts(
  actor: Actor,
  params: ListParams<ContactSort>,
  contactListId?: string,
): Promise<Page<ContactRow>> {
  requirePermission(actor, "contacts:read");
  return findPage<ContactSort, FoundRow>({
    params,
    sorts: {
      email: {
        column: Prisma.sql`c."emailKey"`,
        type: "text",
        value: (row) => row.emailKey,
      },
      created: {
        column: Prisma.sql`c."createdAt"`,
        type: "timestamptz",
        value: (row) => row.createdAt.toISOString(),
      },
    },
    id: Prisma.sql`c.id`,
    select: Prisma.sql`SELECT c.id, c.name, c.email, c."emailKey", c."createdAt", l.name AS "listName"
      FROM "Contact" c JOIN "ContactList" l ON l.id = c."contactListId"`,
    from: Prisma.sql`FROM "Contact" c`,
    searched: Prisma.sql`(c."emailKey" || ' ' || lower(c.name))`,
    ...(contactListId && { filter: Prisma.sql`c."contactListId" = ${contactListId}::uuid` }),
  });
}
