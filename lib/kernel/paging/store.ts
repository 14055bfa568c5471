import "server-only";
import type { z } from "zod";
import { Prisma } from "@/prisma/generated/client";
import { type Actor, requirePermissionOnAccounts, requirePermissionToSee } from "../actor";
import { CHOICES_SHOWN, type Choice, type Choices } from "../choices/schema";
import { db, rowsOf } from "../db";
import { nameKey } from "../text/normalize";
import {
  type Asked,
  type Declared,
  encodeCursor,
  type Filters,
  type Found,
  type List,
  listOf,
} from "./list";
import { COUNT_CAP, type Cursor, PAGE_SIZE, type ViewCount } from "./schema";

export type Columns<R> = Prisma.Sql & { readonly row?: R };

type SortType = "text" | "timestamptz" | "integer";
type Sort = { by: Prisma.Sql; type: SortType };

type Condition = Prisma.Sql | string | false | null | undefined;

/** Keyset pages: the last costs as much as the first. */
type SqlList<S extends string, V extends string, F extends z.ZodRawShape, R, T> = Declared<
  S,
  V,
  F,
  Sort,
  Prisma.Sql | ((filters: Filters<F>) => Prisma.Sql)
> & {
  columns: Columns<R> | (() => Columns<R>);
  /** FROM with every join the columns need. */
  tables: Prisma.Sql;
  /** A smaller FROM for conditions and orders. */
  from?: Prisma.Sql;
  id: Prisma.Sql;
  searched: Prisma.Sql | ((search: string) => Prisma.Sql);
  /** Which rows belong to the list; `usual`: those without a view. */
  among?: Prisma.Sql;
  usual?: Prisma.Sql;
  where?: (filters: Filters<F> & { view?: V | undefined }) => readonly Condition[];
  /** Without it, a key for some accounts sees nothing. */
  scope?: (actor: Actor) => Prisma.Sql;
  rows?: (found: R[], actor: Actor) => T[] | Promise<T[]>;
};

export const text = (by: Prisma.Sql): Sort => ({ by, type: "text" });
export const time = (by: Prisma.Sql): Sort => ({ by, type: "timestamptz" });
export const integer = (by: Prisma.Sql): Sort => ({ by, type: "integer" });

export const EVERY_ROW = Prisma.sql`TRUE`;

export function allOf(conditions: readonly Condition[]): Prisma.Sql {
  const given = conditions.filter(
    (each) => typeof each === "object" && each !== null && each !== EVERY_ROW,
  );
  return given.length === 0 ? EVERY_ROW : Prisma.join(given, " AND ");
}

export function searchCondition(searched: Prisma.Sql, search: string): Prisma.Sql {
  const key = nameKey(search);
  if (key === "") return EVERY_ROW;
  // LIKE wildcards typed by a person are plain characters.
  return Prisma.sql`${searched} LIKE ${`%${key.replace(/[\\%_]/g, "\\$&")}%`}`;
}

export function defineList<
  R extends { id: string },
  const S extends string,
  const V extends string,
  F extends z.ZodRawShape,
  T = R,
>(list: SqlList<S, V, F, R, T>): List<T, S, V, F> & Conditions<V, F> {
  const listed = listOf<T, S, V, F, Sort, unknown>(list, async (actor, asked) => {
    if (list.scope) requirePermissionOnAccounts(actor, list.permission);
    else requirePermissionToSee(actor, list.permission);
    const found = await find(list, asked, list.scope?.(actor));
    const rows = list.rows ? await list.rows(found.page.rows, actor) : found.page.rows;
    return { ...found, page: { ...found.page, rows: rows as T[] } }; // without `rows`, T is R
  });
  const condition = ({ search = "", ...filters }: Parameters<Conditions<V, F>["condition"]>[0]) => {
    const asked = filters as Filters<F> & { view?: V }; // without the search
    const given = [list.among, ...(list.where?.(asked) ?? []), searchOf(list, search)];
    return allOf([...given, shownIn(list, asked)]);
  };
  return Object.assign(listed, { condition });
}

type Conditions<V extends string, F extends z.ZodRawShape> = {
  condition(asked: Filters<F> & { view?: V | undefined; search?: string | undefined }): Prisma.Sql;
};

async function find<S extends string, V extends string, F extends z.ZodRawShape, R, T>(
  list: SqlList<S, V, F, R, T>,
  asked: Asked<S, V, F>,
  scope = EVERY_ROW,
): Promise<Found<R, V>> {
  const { from = list.tables, id, among = EVERY_ROW } = list;
  const narrowed = allOf([...(list.where?.(asked) ?? []), searchOf(list, asked.search)]);
  const all = Prisma.sql`${among} AND ${scope} AND ${narrowed}`;
  // A rare match in list order would read every row; the few ids are found first.
  const few = narrowed === EVERY_ROW ? null : await fewIds({ id, from, all });
  const rows = few ? Prisma.sql`${id} = ANY(${few}::uuid[])` : all;
  const shown = (view: V) => shownIn(list, { ...asked, view });
  const inView = Prisma.sql`${rows} AND ${shownIn(list, asked)}`;
  const names = Object.keys(list.views) as V[]; // the keys are that
  const cap = few || asked.search === "" ? COUNT_CAP : BROAD_SEARCH_CAP;
  // One pass over few rows; otherwise each view by its own index.
  const inOnePass = objectOf(names, (view) => Prisma.sql`count(*) FILTER (WHERE ${shown(view)})`);
  const counts = few
    ? Prisma.sql`(SELECT ${inOnePass} ${from} WHERE ${rows})`
    : objectOf(names, (view) => countOf(Prisma.sql`${from} WHERE ${shown(view)} AND ${rows}`, cap));
  const totals = Prisma.sql`${countOf(Prisma.sql`${from} WHERE ${inView}`, COUNT_CAP)} AS "counted",
    ${counts} AS "countedViews"`;
  const { rows: found, ...page } = await pageOf(list, asked, { inView, totals });
  const [counted = found[0]] =
    found.length > 0 ? [] : await rowsOf<Totals>(Prisma.sql`SELECT ${totals}`);
  const count = counted?.counted ?? 0;
  return {
    page: {
      rows: found.map(({ sortedBy, counted: _, countedViews, ...row }) => row as unknown as R),
      total: { count: Math.min(count, COUNT_CAP), isCapped: count > COUNT_CAP },
      ...page,
    },
    counts: names.map((view): ViewCount<V> => {
      const inView = counted?.countedViews[view] ?? 0;
      return { view, count: Math.min(inView, cap), isCapped: inView > cap };
    }),
  };
}

/** Each view checks each row found, so a broad search stops early. */
const BROAD_SEARCH_CAP = 100;

type Totals = { counted: number; countedViews: Readonly<Record<string, number>> };
type Narrowed = { id: Prisma.Sql; from: Prisma.Sql; all: Prisma.Sql };

async function fewIds({ id, from, all }: Narrowed): Promise<string[] | null> {
  const rows = await rowsOf<{ id: string }>(
    Prisma.sql`SELECT ${id} AS id ${from} WHERE ${all} LIMIT ${beyond(COUNT_CAP)}`,
  );
  return rows.length > COUNT_CAP ? null : rows.map((row) => row.id);
}

function searchOf(
  { searched }: Pick<SqlList<string, string, z.ZodRawShape, unknown, unknown>, "searched">,
  search: string,
) {
  if (nameKey(search) === "") return EVERY_ROW;
  return typeof searched === "function" ? searched(search) : searchCondition(searched, search);
}

function shownIn<V extends string, F extends z.ZodRawShape>(
  { views, usual = EVERY_ROW }: Pick<SqlList<string, V, F, unknown, unknown>, "views" | "usual">,
  asked: Filters<F> & { view?: V | undefined },
): Prisma.Sql {
  if (asked.view === undefined) return usual;
  const [, shows] = views[asked.view];
  return typeof shows === "function" ? shows(asked) : shows;
}

function countOf(rows: Prisma.Sql, cap: number): Prisma.Sql {
  return Prisma.sql`(SELECT count(*)::int FROM (SELECT 1 ${rows} LIMIT ${beyond(cap)}) AS counted)`;
}

function objectOf<V extends string>(views: readonly V[], valueFor: (view: V) => Prisma.Sql) {
  if (views.length === 0) return Prisma.sql`'{}'::jsonb`;
  const entries = views.map((view) => Prisma.sql`${Prisma.raw(`'${view}'`)}, ${valueFor(view)}`);
  return Prisma.sql`jsonb_build_object(${Prisma.join(entries)})`;
}

const beyond = (limit: number) => Prisma.raw(String(limit + 1));
type FoundRow = { id: string; sortedBy: string } & Totals;

async function pageOf<S extends string, V extends string, F extends z.ZodRawShape, R, T>(
  { columns, tables, id, sorts }: SqlList<S, V, F, R, T>,
  params: Asked<S, V, F>,
  { inView, totals }: { inView: Prisma.Sql; totals: Prisma.Sql },
) {
  const { by, type } = sorts[params.sort];
  const after = usable(type, params.after);
  const before = after ? undefined : usable(type, params.before);
  const isUp = (params.direction === "asc") !== (before !== undefined);
  const [direction, past] = isUp
    ? [Prisma.sql`ASC`, Prisma.sql`>`]
    : [Prisma.sql`DESC`, Prisma.sql`<`];
  const border = after ?? before;
  const isPast = border
    ? Prisma.sql`(${by}, ${id}) ${past} (${border[0]}::${Prisma.raw(type)}, ${border[1]}::uuid)`
    : EVERY_ROW;
  const limit = params.limit ?? PAGE_SIZE;
  const found = await rowsOf<FoundRow>(Prisma.sql`
    SELECT ${typeof columns === "function" ? columns() : columns}, (${by})::text AS "sortedBy", ${totals} ${tables} WHERE ${inView} AND ${isPast}
    ORDER BY ${by} ${direction}, ${id} ${direction} LIMIT ${beyond(limit)}`);
  const hasMore = found.length > limit;
  const rows = found.slice(0, limit);
  if (before) rows.reverse();
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    rows,
    ...((before ? hasMore : after) && first && { previous: cursorOf(first) }),
    ...((before !== undefined || hasMore) && last && { next: cursorOf(last) }),
  };
}

const cursorOf = ({ sortedBy, id }: FoundRow) => encodeCursor([sortedBy, id]);

/** A cursor of another order, edited by hand, means the first page. */
function usable(type: SortType, cursor: Cursor | undefined): Cursor | undefined {
  return cursor && IS_OF[type](cursor[0]) ? cursor : undefined;
}

const IS_OF: Readonly<Record<SortType, (value: string) => boolean>> = {
  text: () => true,
  integer: (value) => /^-?\d{1,9}$/.test(value),
  // For example 2026-11-25 08:00:00.123456+00; PostgreSQL has no year 0.
  timestamptz(value) {
    const [, day = "", at = ""] =
      /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)\+00$/.exec(value) ?? [];
    const time = new Date(`${day}T${at}Z`);
    return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day) && day > "0001";
  },
};

type Choosable = {
  select: Prisma.Sql;
  filter?: Prisma.Sql;
  /** As in the trigram index. */
  searched: Prisma.Sql;
  search: string;
  /** By default what is searched. */
  orderBy?: Prisma.Sql;
};

/** An exact name or address first. Reads one row more, to know whether there are more. */
export async function findChoices(asked: Choosable): Promise<Choices> {
  const { select, filter = Prisma.sql`TRUE`, searched, search, orderBy = searched } = asked;
  const matching = Prisma.sql`${select} WHERE ${filter} AND ${searchCondition(searched, search)}`;
  const limit = Prisma.sql`LIMIT ${CHOICES_SHOWN + 1}`;
  const key = nameKey(search);
  const exact = Prisma.sql`(SELECT * FROM (${matching}) c WHERE ${key} IN (lower(c.name), lower(to_jsonb(c) ->> 'detail'), lower(to_jsonb(c) ->> 'key')) ${limit}) UNION ALL`;
  const rows = await db().$queryRaw<Choice[]>`${key === "" ? Prisma.empty : exact}
    (${matching} ORDER BY ${orderBy} ${limit})`;
  const found = [...new Map(rows.map((row) => [row.id, row])).values()];
  return { found: found.slice(0, CHOICES_SHOWN), hasMore: found.length > CHOICES_SHOWN };
}
