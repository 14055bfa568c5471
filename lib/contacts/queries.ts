import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { ListParams, Page } from "@/lib/kernel/paging/schema";
import { findPage, searchCondition } from "@/lib/kernel/paging/store";
import { Prisma } from "@/prisma/generated/client";
import type { ContactRow, ContactSort } from "./schema";

const ROW = Prisma.sql`SELECT c.id, c.name, c.email, c."emailKey", lower(c.name) AS "nameKey", c.version,
    c."contactListId", l.name AS "listName", c."emailAccountId", e.name AS "accountName",
    c."firstSeenAt", c."lastSeenAt", c."createdAt"
  FROM "Contact" c JOIN "ContactList" l ON l.id = c."contactListId"
  LEFT JOIN "EmailAccount" e ON e.id = c."emailAccountId"`;

/** The expression of the trigram index. */
const SEARCHED = Prisma.sql`(c."emailKey" || ' ' || lower(c.name))`;

type FoundRow = ContactRow & { emailKey: string; nameKey: string };

/** Who was never seen in an inbox comes before all who were. */
const NEVER = new Date(0);

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

/** @param contactListId one list, or all of them */
export async function listContacts(
  actor: Actor,
  params: ListParams<ContactSort>,
  contactListId?: string,
): Promise<Page<ContactRow>> {
  requirePermission(actor, "contacts:read");
  return findPage<ContactSort, FoundRow>({
    params,
    sorts: SORTS,
    id: Prisma.sql`c.id`,
    select: ROW,
    from: Prisma.sql`FROM "Contact" c`,
    searched: SEARCHED,
    ...(contactListId && { filter: ofList(contactListId) }),
  });
}

/** Null when it was deleted. */
export async function findContact(actor: Actor, id: string): Promise<ContactRow | null> {
  requirePermission(actor, "contacts:read");
  const [row] = await db().$queryRaw<ContactRow[]>`${ROW} WHERE c.id = ${id}::uuid`;
  return row ?? null;
}

/** What an edit of a contact begins with, for whoever may change it; null when it was deleted. */
export async function findEditedContact(actor: Actor, id: string) {
  requirePermission(actor, "contacts:write");
  const select = { name: true, email: true, contactListId: true, version: true } as const;
  return db().contact.findUnique({ where: { id }, select });
}

const BATCH = 1_000;

export type ContactFilter = { search: string; contactListId?: string | undefined };

/** All that a search finds, by address, a batch at a time, for a file. */
export async function* readContacts(
  actor: Actor,
  { search, contactListId }: ContactFilter,
): AsyncGenerator<ContactRow[]> {
  requirePermission(actor, "contacts:read");
  const filter = contactListId ? ofList(contactListId) : Prisma.sql`TRUE`;
  const found = searchCondition(SEARCHED, search);
  for (let last = ""; ; ) {
    const rows: FoundRow[] = await db().$queryRaw<FoundRow[]>`${ROW}
      WHERE ${filter} AND ${found} AND c."emailKey" > ${last} ORDER BY c."emailKey" LIMIT ${BATCH}`;
    if (rows.length > 0) yield rows;
    const end = rows.at(-1);
    if (!end || rows.length < BATCH) return;
    last = end.emailKey;
  }
}

function ofList(contactListId: string): Prisma.Sql {
  return Prisma.sql`c."contactListId" = ${contactListId}::uuid`;
}
