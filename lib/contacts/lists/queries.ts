import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { Choices } from "@/lib/kernel/choices/schema";
import { findChoices } from "@/lib/kernel/choices/store";
import { db } from "@/lib/kernel/db";
import type { ListParams, Page, ViewCount } from "@/lib/kernel/paging/schema";
import { findPage } from "@/lib/kernel/paging/store";
import { findViewCounts } from "@/lib/kernel/paging/views/store";
import { Prisma } from "@/prisma/generated/client";
import {
  CONTACT_LIST_VIEWS,
  type ContactListChoice,
  type ContactListFilters,
  type ContactListRow,
  type ContactListSort,
  type ContactListUse,
  type ContactListView,
} from "./schema";

const SEARCHED = Prisma.sql`l."nameKey"`;

/** The lists to choose from: for an account, or as the place to move contacts to. */
export async function searchContactLists(actor: Actor, search: string): Promise<Choices> {
  requirePermission(actor, "contacts:read");
  return findChoices({
    select: Prisma.sql`SELECT l.id, l.name FROM "ContactList" l`,
    searched: SEARCHED,
    search,
    orderBy: Prisma.sql`l."nameKey"`,
  });
}

type FoundRow = ContactListRow & { nameKey: string };

const CONTACTS = Prisma.sql`(SELECT count(*)::int FROM "Contact" c WHERE c."contactListId" = l.id)`;
const ACCOUNTS = Prisma.sql`(SELECT count(*)::int FROM "EmailAccount" e WHERE e."contactListId" = l.id)`;

/** What lists are sorted by. Their sizes are counted: there are far fewer lists than contacts. */
const SORTS = {
  name: { column: Prisma.sql`l."nameKey"`, type: "text", value: (row: FoundRow) => row.nameKey },
  contacts: {
    column: CONTACTS,
    type: "integer",
    value: ({ contactCount }: FoundRow) => String(contactCount),
  },
  accounts: {
    column: ACCOUNTS,
    type: "integer",
    value: ({ accountCount }: FoundRow) => String(accountCount),
  },
} as const;

const CONDITIONS: Readonly<Record<ContactListView, Prisma.Sql>> = {
  empty: Prisma.sql`NOT EXISTS (SELECT 1 FROM "Contact" c WHERE c."contactListId" = l.id)`,
  unused: Prisma.sql`NOT EXISTS (SELECT 1 FROM "EmailAccount" e WHERE e."contactListId" = l.id)`,
};

/** How many lists each view has, of those that a search finds. */
export async function countContactListViews(
  actor: Actor,
  search = "",
): Promise<ViewCount<ContactListView>[]> {
  requirePermission(actor, "contacts:read");
  return findViewCounts({
    views: CONTACT_LIST_VIEWS,
    from: Prisma.sql`FROM "ContactList" l`,
    conditions: CONDITIONS,
    search,
    searched: SEARCHED,
  });
}

export async function listContactLists(
  actor: Actor,
  params: ListParams<ContactListSort> & ContactListFilters,
): Promise<Page<ContactListRow>> {
  requirePermission(actor, "contacts:read");
  const { rows, ...page } = await findPage<ContactListSort, FoundRow>({
    params,
    sorts: SORTS,
    id: Prisma.sql`l.id`,
    select: Prisma.sql`SELECT l.id, l.name, l."nameKey", l.version,
      ${CONTACTS} AS "contactCount", ${ACCOUNTS} AS "accountCount"
      FROM "ContactList" l`,
    from: Prisma.sql`FROM "ContactList" l`,
    searched: SEARCHED,
    filter: params.view ? CONDITIONS[params.view] : Prisma.sql`TRUE`,
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

/** What renaming a list begins with, for those who may rename it; null when it was deleted. */
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
      // Ends: Names; the count stands beside them.
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
