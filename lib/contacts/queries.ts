import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { ListParams, Page, ViewCount } from "@/lib/kernel/paging/schema";
import { allOf, findPage, searchCondition } from "@/lib/kernel/paging/store";
import { findViewCounts } from "@/lib/kernel/paging/views/store";
import { Prisma } from "@/prisma/generated/client";
import {
  CONTACT_VIEWS,
  type ContactFilters,
  type ContactRow,
  type ContactSort,
  type ContactView,
} from "./schema";

const ROW = Prisma.sql`SELECT c.id, c.name, c.email, c."emailKey", lower(c.name) AS "nameKey", c.version,
    c."contactListId", l.name AS "listName", l."nameKey" AS "listKey",
    c."emailAccountId", e.name AS "accountName", coalesce(e."nameKey", '') AS "sourceKey",
    c."firstSeenAt", c."lastSeenAt", c."createdAt"
  FROM "Contact" c JOIN "ContactList" l ON l.id = c."contactListId"
  LEFT JOIN "EmailAccount" e ON e.id = c."emailAccountId"`;

/** The expression of the trigram index. */
const SEARCHED = Prisma.sql`(c."emailKey" || ' ' || lower(c.name))`;

type FoundRow = ContactRow & {
  emailKey: string;
  nameKey: string;
  listKey: string;
  sourceKey: string;
};

/** Who was never seen in an inbox comes before all who were. */
const NEVER = new Date(0);

/** The source of contacts that come from no account. */
const NO_ACCOUNT = Prisma.sql`'00000000-0000-0000-0000-000000000000'::uuid`;

/** What contacts are sorted by: each has an index, alone and within a list. */
const SORTS = {
  email: {
    column: Prisma.sql`c."emailKey"`,
    type: "text",
    value: ({ emailKey }: FoundRow) => emailKey,
  },
  name: {
    column: Prisma.sql`lower(c.name)`,
    type: "text",
    value: ({ nameKey }: FoundRow) => nameKey,
  },
  list: {
    column: Prisma.sql`l."nameKey"`,
    type: "text",
    value: ({ listKey }: FoundRow) => listKey,
    groups: {
      from: Prisma.sql`"ContactList" g`,
      key: Prisma.sql`g."nameKey"`,
      holds: Prisma.sql`c."contactListId" = g.id`,
    },
  },
  source: {
    column: Prisma.sql`coalesce(e."nameKey", '')`,
    type: "text",
    value: ({ sourceKey }: FoundRow) => sourceKey,
    groups: {
      from: Prisma.sql`(SELECT id, "nameKey" FROM "EmailAccount" UNION ALL SELECT ${NO_ACCOUNT}, '') g`,
      key: Prisma.sql`g."nameKey"`,
      holds: Prisma.sql`coalesce(c."emailAccountId", ${NO_ACCOUNT}) = g.id`,
    },
  },
  firstSeen: {
    column: Prisma.sql`coalesce(c."firstSeenAt", c."createdAt")`,
    type: "timestamptz",
    value: ({ firstSeenAt, createdAt }: FoundRow) => (firstSeenAt ?? createdAt).toISOString(),
  },
  lastSeen: {
    column: Prisma.sql`coalesce(c."lastSeenAt", '1970-01-01 00:00:00+00'::timestamptz)`,
    type: "timestamptz",
    value: ({ lastSeenAt }: FoundRow) => (lastSeenAt ?? NEVER).toISOString(),
  },
} as const;

const CONDITIONS: Readonly<Record<ContactView, Prisma.Sql>> = {
  received: Prisma.sql`c."firstSeenAt" IS NOT NULL`,
  entered: Prisma.sql`c."firstSeenAt" IS NULL`,
  unnamed: Prisma.sql`c.name = ''`,
};

function contactFilter({ view, contactListId, emailAccountId }: ContactFilters): Prisma.Sql {
  return allOf([
    contactListId && Prisma.sql`c."contactListId" = ${contactListId}::uuid`,
    emailAccountId && Prisma.sql`c."emailAccountId" = ${emailAccountId}::uuid`,
    view && CONDITIONS[view],
  ]);
}

/** How many contacts each view has, of those that a search and the other filters find. */
export async function countContactViews(
  actor: Actor,
  { search = "", ...filters }: ContactFilters & { search?: string } = {},
): Promise<ViewCount<ContactView>[]> {
  requirePermission(actor, "contacts:read");
  return findViewCounts({
    views: CONTACT_VIEWS,
    from: Prisma.sql`FROM "Contact" c`,
    conditions: CONDITIONS,
    filter: contactFilter({ ...filters, view: undefined }),
    search,
    searched: SEARCHED,
  });
}

/** @param contactListId one list, or all of them */
export async function listContacts(
  actor: Actor,
  params: ListParams<ContactSort> & ContactFilters,
  contactListId = params.contactListId,
): Promise<Page<ContactRow>> {
  requirePermission(actor, "contacts:read");
  return findPage<ContactSort, FoundRow>({
    params,
    sorts: SORTS,
    id: Prisma.sql`c.id`,
    select: ROW,
    from: Prisma.sql`FROM "Contact" c`,
    searched: SEARCHED,
    filter: contactFilter({ ...params, contactListId }),
  });
}

/** Null when it was deleted. */
export async function findContact(actor: Actor, id: string): Promise<ContactRow | null> {
  requirePermission(actor, "contacts:read");
  const [row] = await db().$queryRaw<ContactRow[]>`${ROW} WHERE c.id = ${id}::uuid`;
  return row ?? null;
}

/** What an edit of a contact begins with, for those who may change it; null when it was deleted. */
export async function findEditedContact(actor: Actor, id: string) {
  requirePermission(actor, "contacts:write");
  const select = { name: true, email: true, contactListId: true, version: true } as const;
  return db().contact.findUnique({ where: { id }, select });
}

const BATCH = 1_000;

export type ContactFilter = { search: string } & ContactFilters;

/** All that a search finds, by address, a batch at a time, for a file. */
export async function* readContacts(
  actor: Actor,
  { search, ...filters }: ContactFilter,
): AsyncGenerator<ContactRow[]> {
  requirePermission(actor, "contacts:read");
  const filter = contactFilter(filters);
  const found = searchCondition(SEARCHED, search);
  for (let last = ""; ; ) {
    // Ends: One batch after the other, to the end.
    const rows: FoundRow[] = await db().$queryRaw<FoundRow[]>`${ROW}
      WHERE ${filter} AND ${found} AND c."emailKey" > ${last} ORDER BY c."emailKey" LIMIT ${BATCH}`;
    if (rows.length > 0) yield rows;
    const end = rows.at(-1);
    if (!end || rows.length < BATCH) return;
    last = end.emailKey;
  }
}
