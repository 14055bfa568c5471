import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { idSchema } from "@/lib/kernel/fields/schema";
import type { FiltersOf } from "@/lib/kernel/paging/list";
import { type Columns, defineList, text, time } from "@/lib/kernel/paging/store";
import { Prisma } from "@/prisma/generated/client";
import type { ContactRow } from "./schema";

const COLUMNS: Columns<ContactRow> = Prisma.sql`c.id, c.name, c.email, c.version,
  c."contactListId", l.name AS "listName", c."emailAccountId", e.name AS "accountName",
  c."firstSeenAt", c."lastSeenAt", c."createdAt"`;
const TABLES = Prisma.sql`FROM "Contact" c JOIN "ContactList" l ON l.id = c."contactListId"
  LEFT JOIN "EmailAccount" e ON e.id = c."emailAccountId"`;

/** Each order has an index, alone and within a list. */
export const listContacts = defineList({
  permission: "contacts:read",
  columns: COLUMNS,
  tables: TABLES,
  from: Prisma.sql`FROM "Contact" c`,
  id: Prisma.sql`c.id`,
  searched: Prisma.sql`(c."emailKey" || ' ' || lower(c.name))`,
  sorts: {
    email: text(Prisma.sql`c."emailKey"`),
    name: text(Prisma.sql`lower(c.name)`),
    firstSeen: time(Prisma.sql`coalesce(c."firstSeenAt", c."createdAt")`),
    lastSeen: time(Prisma.sql`coalesce(c."lastSeenAt", '1970-01-01 00:00:00+00'::timestamptz)`),
  },
  views: {
    received: ["From mail", Prisma.sql`c."firstSeenAt" IS NOT NULL`],
    entered: ["Entered", Prisma.sql`c."firstSeenAt" IS NULL`],
    unnamed: ["Without a name", Prisma.sql`c.name = ''`],
  },
  filters: {
    contactListId: idSchema.optional(),
    /** Where they were first seen. */
    emailAccountId: idSchema.optional(),
  },
  where: ({ contactListId, emailAccountId }) => [
    contactListId && Prisma.sql`c."contactListId" = ${contactListId}::uuid`,
    emailAccountId && Prisma.sql`c."emailAccountId" = ${emailAccountId}::uuid`,
  ],
});
export type ContactFilters = FiltersOf<typeof listContacts>;

/** Null: deleted. */
export async function findContact(actor: Actor, id: string): Promise<ContactRow | null> {
  requirePermission(actor, "contacts:read");
  const [row] = await db().$queryRaw<
    ContactRow[]
  >`SELECT ${COLUMNS} ${TABLES} WHERE c.id = ${id}::uuid`;
  return row ?? null;
}

/** Null: deleted. */
export async function findEditedContact(actor: Actor, id: string) {
  requirePermission(actor, "contacts:write");
  const select = { name: true, email: true, contactListId: true, version: true } as const;
  return db().contact.findUnique({ where: { id }, select });
}
