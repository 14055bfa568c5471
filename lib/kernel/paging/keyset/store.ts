import "server-only";
import { Prisma } from "@/prisma/generated/client";
import type { ListParams } from "../schema";

export type SortType = "text" | "timestamptz" | "integer";

const CASTS: Readonly<Record<SortType, Prisma.Sql>> = {
  text: Prisma.sql`text`,
  timestamptz: Prisma.sql`timestamptz`,
  integer: Prisma.sql`integer`,
};

type Sort<R> = {
  column: Prisma.Sql;
  type: SortType;
  value: (row: R) => string;
  groups?: Groups;
  /** For a column that no index has: the kinds of rows that it numbers from 0, of which each row is one. */
  kinds?: readonly Prisma.Sql[];
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

export type Keyset<S extends string, R> = {
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
  /** What a search finds beside that. */
  alsoFound?: Prisma.Sql | undefined;
  filter?: Prisma.Sql;
};

export type Turned = { isBackward: boolean; limit: Prisma.Sql };

/** SQL: the rows of the page, in order. */
export function shown<S extends string, R>(
  list: Keyset<S, R>,
  where: Prisma.Sql,
  turned: Turned,
): Prisma.Sql {
  const order = orderBy(list, turned.isBackward);
  const { groups, kinds } = list.sorts[list.params.sort];
  const chosen = (ids: Prisma.Sql) =>
    Prisma.sql`WHERE ${list.id} = ANY(ARRAY(${ids})) ORDER BY ${order}`;
  if (groups) return chosen(idsByGroup(list, { groups, where }, turned));
  if (kinds) return chosen(idsByKind(list, { kinds, where }, turned));
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

/** SQL: of each kind no more rows than the page shows, by whatever index finds that kind. */
function idsByKind<S extends string, R>(
  list: Keyset<S, R>,
  { kinds, where }: { kinds: readonly Prisma.Sql[]; where: Prisma.Sql },
  { isBackward, limit }: Turned,
): Prisma.Sql {
  const isUp = isAscending(list, isBackward);
  const [direction, beyond] = isUp
    ? [Prisma.sql`ASC`, Prisma.sql`>`]
    : [Prisma.sql`DESC`, Prisma.sql`<`];
  const cursor = isBackward ? list.params.before : list.params.after;
  const borderOf = (kind: number) => {
    if (!cursor) return Prisma.sql`TRUE`;
    const [value, id] = cursor;
    const past = isUp ? kind - Number(value) : Number(value) - kind;
    if (past === 0) return Prisma.sql`${list.id} ${beyond} ${id}::uuid`;
    return past > 0 ? Prisma.sql`TRUE` : Prisma.sql`FALSE`;
  };
  const found = kinds.map(
    (isOfKind, kind) => Prisma.sql`(SELECT ${list.id} AS id, ${Prisma.raw(`${kind}`)} AS kind
      ${list.from} ${where} AND ${isOfKind} AND ${borderOf(kind)}
      ORDER BY ${list.id} ${direction} LIMIT ${limit})`,
  );
  return Prisma.sql`SELECT found.id FROM (${Prisma.join(found, " UNION ALL ")}) AS found
    ORDER BY found.kind ${direction}, found.id ${direction} LIMIT ${limit}`;
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

/** Whether the rows are read upwards. */
function isAscending<S extends string, R>({ params }: Keyset<S, R>, isBackward: boolean): boolean {
  return (params.direction === "asc") !== isBackward;
}
