import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { db } from "@/lib/kernel/db";
import { findChoices } from "@/lib/kernel/paging/store";
import { Prisma } from "@/prisma/generated/client";
import type { AuditChoices } from "../schema";

/** From indexes, without reading the trail. */
export async function findAuditChoices(actor: Actor): Promise<AuditChoices> {
  requirePermission(actor, "audit:read");
  const [actions, kinds] = await Promise.all([
    distinct(Prisma.sql`action`),
    distinct(Prisma.sql`"objectKind"`),
  ]);
  return { actions, kinds };
}

/** Under their latest name. */
export async function searchAuditActors(actor: Actor, search: string): Promise<Choices> {
  requirePermission(actor, "audit:read");
  const actorIds = await distinct(Prisma.sql`"actorId"`);
  return findChoices({
    select: Prisma.sql`SELECT a.id, ${lastName} AS name FROM unnest(${actorIds}::text[]) AS a(id)`,
    filter: Prisma.sql`a.id <> ''`,
    searched: Prisma.sql`lower(${lastName})`,
    search,
    orderBy: Prisma.sql`name, a.id`,
  });
}

/** Null when not on record. */
export async function findAuditActor(actor: Actor, id: string): Promise<Choice | null> {
  requirePermission(actor, "audit:read");
  const [found] = await db().$queryRaw<{ id: string; name: string | null }[]>`
    SELECT a.id, ${lastName} AS name FROM (SELECT ${id}::text AS id) AS a`;
  return found?.name ? { id, name: found.name } : null;
}

// Ends: The next different value, and the last name of each.
const lastName = Prisma.sql`(SELECT e."actorName" FROM "AuditEvent" e WHERE e."actorId" = a.id
  ORDER BY e.id DESC LIMIT 1)`;

/** One index step per value. */
async function distinct(column: Prisma.Sql): Promise<string[]> {
  // Ends: The next different value, and the last name of each.
  const rows = await db().$queryRaw<{ value: string }[]>`
    WITH RECURSIVE found AS (
      (SELECT ${column} AS value FROM "AuditEvent" ORDER BY ${column} LIMIT 1)
      UNION ALL
      SELECT (SELECT ${column} FROM "AuditEvent" WHERE ${column} > found.value ORDER BY ${column} LIMIT 1)
      FROM found WHERE found.value IS NOT NULL)
    SELECT value FROM found WHERE value IS NOT NULL`;
  return rows.map(({ value }) => value);
}
