import "server-only";
import { rowsOf } from "@/lib/kernel/db";
import { nameKey } from "@/lib/kernel/text/normalize";
import { Prisma } from "@/prisma/generated/client";
import { type Keyset, type SortType, shown, type Turned } from "./keyset/store";
import { COUNT_CAP, type Cursor, encodeCursor, PAGE_SIZE, type Page } from "./schema";

const BEYOND_CAP = Prisma.raw(`${COUNT_CAP + 1}`);
const BEYOND_PAGE = Prisma.raw(`${PAGE_SIZE + 1}`);

/**
 * One page by keyset: the cost is that of the rows shown, wherever the page lies, because the index
 * of the sort column is entered at the border of the neighbouring page.
 */
export async function findPage<S extends string, R extends { id: string }>(
  asked: Keyset<S, R>,
): Promise<Page<R>> {
  const list = withUsableCursors(asked);
  const { params, from } = list;
  const conditions = [list.filter ?? Prisma.sql`TRUE`, foundBy({ ...list, search: params.search })];
  const where = Prisma.sql`WHERE ${Prisma.join(conditions, " AND ")}`;
  const isBackward = params.before !== undefined && params.after === undefined;
  const limit = params.limit ?? PAGE_SIZE;
  const counting = rowsOf<{ count: number }>(Prisma.sql`SELECT count(*)::int AS count
    FROM (SELECT 1 ${from} ${where} LIMIT ${BEYOND_CAP}) AS counted`);
  const turned = { isBackward, limit: beyond(limit) };
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

/** SQL: one row more than are shown. The number that most ask for is in the text itself, which stays the same. */
function beyond(limit: number): Prisma.Sql {
  return limit === PAGE_SIZE ? BEYOND_PAGE : Prisma.sql`${limit + 1}`;
}

type Counted = Turned & { counting: Promise<{ count: number }[]> };

/**
 * A search that finds little finds its rows first: in the order of the list, every row would be read
 * for a page that is not full.
 */
async function pageOf<S extends string, R extends object>(
  list: Keyset<S, R>,
  where: Prisma.Sql,
  { counting, ...turned }: Counted,
): Promise<R[]> {
  const { params, select, id, from } = list;
  const [{ count } = { count: 0 }] = params.search === "" ? [] : await counting;
  const isFew = params.search !== "" && count <= COUNT_CAP;
  const few = Prisma.sql`WHERE ${id} = ANY(ARRAY(SELECT ${id} ${from} ${where}))`;
  return rowsOf<R>(Prisma.sql`${select} ${shown(list, isFew ? few : where, turned)}`);
}

/** SQL: the filter of a list that is narrowed to nothing. */
export const EVERY_ROW = Prisma.sql`TRUE`;

/** SQL: all of the conditions that there are. */
export function allOf(
  conditions: readonly (Prisma.Sql | string | false | undefined)[],
): Prisma.Sql {
  const given = conditions.filter((condition) => typeof condition === "object");
  return given.length === 0 ? EVERY_ROW : Prisma.join(given, " AND ");
}

/** SQL: what a search finds. */
export function foundBy({ searched, alsoFound, search }: Found): Prisma.Sql {
  const condition = searchCondition(searched, search);
  return alsoFound ? Prisma.sql`(${condition} OR ${alsoFound})` : condition;
}

export type Found = {
  /** What is searched for, and the expression of the trigram index that has it. */
  search: string;
  searched: Prisma.Sql;
  /** What it finds beside that. */
  alsoFound?: Prisma.Sql | undefined;
};

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
