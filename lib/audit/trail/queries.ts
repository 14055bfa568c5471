import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { DAY_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { COUNT_CAP, PAGE_SIZE, type Page } from "@/lib/kernel/paging/schema";
import { findChoices } from "@/lib/kernel/paging/store";
import { Prisma } from "@/prisma/generated/client";
import { EVENT_COLUMNS } from "../store";
import type { AuditChoices, AuditFilter, AuditParams, AuditRow, StoredEvent } from "./schema";
import { foldOf, IS_OWN_ACT, IS_SHOWN, isFoldedBy, withFolds } from "./store";

const BATCH = 1_000;
/** A fold counts as one, so more rows are read. */
const COUNTED_OF = 5_000;
const REFUSALS = ["session.refuse"];

const COLUMNS = Prisma.raw(EVENT_COLUMNS);

/** Newest first by default; one row per act, or per key and hour. The cursor is an id. */
export async function listAuditEvents(actor: Actor, params: AuditParams): Promise<Page<AuditRow>> {
  requirePermission(actor, "audit:read");
  const { after, before, direction, limit: size = PAGE_SIZE, ...filter } = params;
  const where = whereOf(filter);
  const shown = shownOf(filter);
  const isBackward = before !== undefined && after === undefined;
  const isUp = (direction === "asc") !== isBackward;
  const [found, total] = await Promise.all([
    // Ends: A page, and whether there is another.
    db().$queryRaw<(StoredEvent & { fold: string | null })[]>`
      SELECT ${COLUMNS}, ${foldOf("e")} AS fold FROM "AuditEvent" e
      WHERE ${where} AND ${shown} AND ${borderOf(after ?? before, isUp)}
      ORDER BY e.id ${isUp ? Prisma.sql`ASC` : Prisma.sql`DESC`} LIMIT ${size + 1}`,
    countEvents(where, shown),
  ]);
  const rows = await withFolds(found.slice(0, size), { isFolded: params.fold === undefined });
  if (isBackward) rows.reverse();
  const hasMore = found.length > size;
  const [first, last] = [rows[0], rows.at(-1)];
  const hasPrevious = isBackward ? hasMore : after !== undefined;
  return {
    rows,
    total,
    ...(first && hasPrevious && { previous: first.id }),
    ...(last && (isBackward || hasMore) && { next: last.id }),
  };
}

async function countEvents(where: Prisma.Sql, shown: Prisma.Sql): Promise<Page<AuditRow>["total"]> {
  // Ends: Shown as “1,000+”.
  // Ends: Whether there are more than are counted.
  // Ends: Counting: beyond it the total has a +
  const [counted] = await db().$queryRaw<{ count: number; hasMore: boolean }[]>`
    SELECT (SELECT count(*)::int FROM (
        SELECT FROM (SELECT * FROM "AuditEvent" e WHERE ${where} ORDER BY e.id DESC LIMIT ${COUNTED_OF}) AS e
        WHERE ${shown} LIMIT ${COUNT_CAP + 1}) AS counted) AS count,
      EXISTS (SELECT FROM "AuditEvent" e WHERE ${where} ORDER BY e.id DESC OFFSET ${COUNTED_OF} LIMIT 1) AS "hasMore"`;
  const { count, hasMore } = counted ?? { count: 0, hasMore: false };
  return { count: Math.min(count, COUNT_CAP), isCapped: hasMore || count > COUNT_CAP };
}

/** All of an opened fold; single uses on request. */
function shownOf({ fold, action }: AuditFilter): Prisma.Sql {
  if (fold !== undefined) return Prisma.sql`TRUE`;
  return action === undefined ? Prisma.sql`${IS_OWN_ACT} AND ${IS_SHOWN}` : IS_SHOWN;
}

/** Oldest first, in bounded memory. */
export async function* readAuditEvents(
  actor: Actor,
  filter: AuditFilter,
): AsyncGenerator<StoredEvent[]> {
  requirePermission(actor, "audit:read");
  const where = whereOf(filter);
  for (let last = "0"; ; ) {
    // Ends: One batch after the other, to the end.
    const rows = await db().$queryRaw<StoredEvent[]>`
      SELECT ${COLUMNS} FROM "AuditEvent" e
      WHERE ${where} AND e.id > ${BigInt(last)} ORDER BY e.id LIMIT ${BATCH}`;
    if (rows.length > 0) yield rows;
    const end = rows.at(-1);
    if (!end || rows.length < BATCH) return;
    last = end.id;
  }
}

function whereOf(filter: AuditFilter): Prisma.Sql {
  const { search, actor, action, kind, result, from, to, fold } = filter;
  const pattern = `%${search
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, "\\$&")}%`;
  const conditions = [
    search.trim() && Prisma.sql`lower(e."actorName" || ' ' || e."objectName") LIKE ${pattern}`,
    actor && Prisma.sql`e."actorId" = ${actor}`,
    action && Prisma.sql`e.action = ${action}`,
    kind && Prisma.sql`e."objectKind" = ${kind}`,
    result && Prisma.sql`(e.action = ANY(${REFUSALS}::text[])) = ${result === "refused"}`,
    from && Prisma.sql`e.at >= ${new Date(from)}`,
    to && Prisma.sql`e.at < ${new Date(Date.parse(to) + DAY_MS)}`,
    fold && isFoldedBy(foldOfEvent(fold)),
  ].filter((condition) => typeof condition === "object");
  return conditions.length > 0 ? Prisma.join(conditions, " AND ") : Prisma.sql`TRUE`;
}

function foldOfEvent(id: string): Prisma.Sql {
  return Prisma.sql`(SELECT ${foldOf("o")} FROM "AuditEvent" o WHERE o.id = ${BigInt(id)})`;
}

function borderOf(border: string | undefined, isUp: boolean): Prisma.Sql {
  if (border === undefined) return Prisma.sql`TRUE`;
  return isUp ? Prisma.sql`e.id > ${BigInt(border)}` : Prisma.sql`e.id < ${BigInt(border)}`;
}

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
