import "server-only";
import { db } from "@/lib/kernel/db";
import { nameKey } from "@/lib/kernel/text/normalize";
import { Prisma } from "@/prisma/generated/client";
import {
  COUNT_CAP,
  type Cursor,
  encodeCursor,
  type ListParams,
  PAGE_SIZE,
  type Page,
} from "./schema";

type SortType = "text" | "timestamptz" | "integer";

const CASTS: Readonly<Record<SortType, Prisma.Sql>> = {
  text: Prisma.sql`text`,
  timestamptz: Prisma.sql`timestamptz`,
  integer: Prisma.sql`integer`,
};

const BEYOND_CAP = Prisma.raw(`${COUNT_CAP + 1}`);

type Sort<R> = {
  column: Prisma.Sql;
  type: SortType;
  value: (row: R) => string;
  groups?: Groups;
};

/** What a row belongs to, where that is sorted by: it may be called otherwise without any row being written. */
type Groups = {
  /** Without FROM. */
  from: Prisma.Sql;
  /** What they are sorted by: indexed, and the same as the column. */
  key: Prisma.Sql;
  /** Which rows are of a group; with the id of the row it has an index. */
  holds: Prisma.Sql;
};

type Keyset<S extends string, R> = {
  params: ListParams<S>;
  /** What the list is sorted by: an indexed column, or groups, and how its value is read from a row. */
  sorts: Record<S, Sort<R>>;
  id: Prisma.Sql;
  /** SELECT … FROM …, without WHERE. */
  select: Prisma.Sql;
  /** FROM … alone, for counting. */
  from: Prisma.Sql;
  /** The expression of the trigram index that is searched. */
  searched: Prisma.Sql;
  filter?: Prisma.Sql;
};

/**
 * One page by keyset: the cost is that of the rows shown, wherever the page lies, because the index
 * of the sort column is entered at the border of the neighbouring page.
 */
export async function findPage<S extends string, R extends { id: string }>(
  asked: Keyset<S, R>,
): Promise<Page<R>> {
  const list = withUsableCursors(asked);
  const { params, from } = list;
  const conditions = [
    list.filter ?? Prisma.sql`TRUE`,
    searchCondition(list.searched, params.search),
  ];
  const where = Prisma.sql`WHERE ${Prisma.join(conditions, " AND ")}`;
  const isBackward = params.before !== undefined && params.after === undefined;
  const limit = params.limit ?? PAGE_SIZE;
  const counting = db().$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count
    FROM (SELECT 1 ${from} ${where} LIMIT ${BEYOND_CAP}) AS counted`;
  const turned = { isBackward, limit: limit + 1 };
  const [found, [counted]] = await Promise.all([
    pageOf(list, where, { ...turned, counting }),
    counting,
  ]);
  const rows = found.slice(0, limit);
  if (isBackward) rows.reverse();
  const hasMore = found.length > limit;
  const count = counted?.count ?? 0;
  return {
    rows,
    total: { count: Math.min(count, COUNT_CAP), isCapped: count > COUNT_CAP },
    ...cursors(list, rows, {
      hasPrevious: isBackward ? hasMore : params.after !== undefined,
      hasNext: isBackward || hasMore,
    }),
  };
}

type Counted = Turned & { counting: Promise<{ count: number }[]> };

/**
 * A search that finds little finds its rows first: in the order of the list, every row would be read
 * for a page that is not full.
 */
async function pageOf<S extends string, R>(
  list: Keyset<S, R>,
  where: Prisma.Sql,
  { counting, ...turned }: Counted,
): Promise<R[]> {
  const { params, select, id, from } = list;
  const [{ count } = { count: 0 }] = params.search === "" ? [] : await counting;
  const isFew = params.search !== "" && count <= COUNT_CAP;
  const few = Prisma.sql`WHERE ${id} = ANY(ARRAY(SELECT ${id} ${from} ${where}))`;
  return db().$queryRaw<R[]>`${select} ${shown(list, isFew ? few : where, turned)}`;
}

/** SQL: all of the conditions that there are. */
export function allOf(
  conditions: readonly (Prisma.Sql | string | false | undefined)[],
): Prisma.Sql {
  const given = conditions.filter((condition) => typeof condition === "object");
  return given.length === 0 ? Prisma.sql`TRUE` : Prisma.join(given, " AND ");
}

/** A cursor of another order, as an address edited by hand has, is none: the first page is shown. */
function withUsableCursors<S extends string, R>(list: Keyset<S, R>): Keyset<S, R> {
  const { after, before, ...params } = list.params;
  const { type } = list.sorts[params.sort];
  const usable = (cursor: Cursor | undefined) =>
    cursor && isOf(type, cursor) ? cursor : undefined;
  return { ...list, params: { ...params, after: usable(after), before: usable(before) } };
}

function isOf(type: SortType, [value]: Cursor): boolean {
  if (type === "text") return true;
  if (type === "integer") return /^\d{1,9}$/.test(value);
  // PostgreSQL knows no year 0, and ends before JavaScript's calendar does.
  if (!/^(?!0000)\d{4}-/.test(value)) return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value;
}

/** Whether the expression of a trigram index has what was searched for in it. */
export function searchCondition(searched: Prisma.Sql, text: string): Prisma.Sql {
  const search = nameKey(text);
  if (search === "") return Prisma.sql`TRUE`;
  // The wildcards of LIKE are characters like any other to the person who types them.
  const pattern = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  return Prisma.sql`${searched} LIKE ${pattern}`;
}

type Turned = { isBackward: boolean; limit: number };

/** SQL: the rows of the page, in order. */
function shown<S extends string, R>(
  list: Keyset<S, R>,
  where: Prisma.Sql,
  turned: Turned,
): Prisma.Sql {
  const order = orderBy(list, turned.isBackward);
  const { groups } = list.sorts[list.params.sort];
  if (groups)
    return Prisma.sql`WHERE ${list.id} = ANY(ARRAY(${idsByGroup(list, { groups, where }, turned)}))
      ORDER BY ${order}`;
  return Prisma.sql`${where} AND ${borderCondition(list, turned.isBackward)}
    ORDER BY ${order} LIMIT ${turned.limit}`;
}

const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** SQL: the groups one after the other, and of each no more rows than the page shows. */
function idsByGroup<S extends string, R>(
  list: Keyset<S, R>,
  { groups: { from, key, holds }, where }: { groups: Groups; where: Prisma.Sql },
  { isBackward, limit }: Turned,
): Prisma.Sql {
  const isUp = isAscending(list, isBackward);
  const [direction, beyond] = isUp
    ? [Prisma.sql`ASC`, Prisma.sql`>`]
    : [Prisma.sql`DESC`, Prisma.sql`<`];
  const [value, id] = (isBackward ? list.params.before : list.params.after) ?? [];
  // A bound rather than an OR: an index is entered at it.
  const inside =
    id === undefined
      ? Prisma.sql`TRUE`
      : Prisma.sql`${list.id} ${beyond} CASE WHEN ${key} = ${value} THEN ${id}::uuid
          ELSE ${isUp ? FIRST_ID : LAST_ID}::uuid END`;
  const outside = id === undefined ? Prisma.sql`TRUE` : Prisma.sql`${key} ${beyond}= ${value}`;
  return Prisma.sql`SELECT found.id FROM ${from} CROSS JOIN LATERAL (
      SELECT ${list.id} ${list.from} ${where} AND ${holds} AND ${inside}
      ORDER BY ${list.id} ${direction} LIMIT ${limit}) AS found
    WHERE ${outside} ORDER BY ${key} ${direction}, found.id ${direction} LIMIT ${limit}`;
}

function borderCondition<S extends string, R>(list: Keyset<S, R>, isBackward: boolean): Prisma.Sql {
  const cursor = isBackward ? list.params.before : list.params.after;
  if (!cursor) return Prisma.sql`TRUE`;
  const { column, type } = list.sorts[list.params.sort];
  const [value, id] = cursor;
  const comparison = isAscending(list, isBackward) ? Prisma.sql`>` : Prisma.sql`<`;
  return Prisma.sql`(${column}, ${list.id}) ${comparison} (${value}::${CASTS[type]}, ${id}::uuid)`;
}

function orderBy<S extends string, R>(list: Keyset<S, R>, isBackward: boolean): Prisma.Sql {
  const direction = isAscending(list, isBackward) ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  return Prisma.sql`${list.sorts[list.params.sort].column} ${direction}, ${list.id} ${direction}`;
}

function isAscending<S extends string, R>({ params }: Keyset<S, R>, isBackward: boolean): boolean {
  return (params.direction === "asc") !== isBackward;
}

function cursors<S extends string, R extends { id: string }>(
  { params, sorts }: Keyset<S, R>,
  rows: R[],
  { hasPrevious, hasNext }: { hasPrevious: boolean; hasNext: boolean },
) {
  const cursorOf = (row: R) => encodeCursor([sorts[params.sort].value(row), row.id]);
  const first = rows[0];
  const last = rows.at(-1);
  return {
    ...(hasPrevious && first && { previous: cursorOf(first) }),
    ...(hasNext && last && { next: cursorOf(last) }),
  };
}
