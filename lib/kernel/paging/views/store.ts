import "server-only";
import { db, prepared } from "@/lib/kernel/db";
import { Prisma } from "@/prisma/generated/client";
import { COUNT_CAP, type ViewCount } from "../schema";
import { EVERY_ROW, type Found, foundBy } from "../store";

const BEYOND_CAP = Prisma.raw(`${COUNT_CAP + 1}`);

/** What is searched is looked for in each row of each view: a search that finds more than the cap is to be narrowed. */
const BROAD_SEARCH_CAP = 100;

type Views<V extends string> = Found & {
  views: readonly V[];
  /** FROM … alone. */
  from: Prisma.Sql;
  /** What a row has to be for a view to show it. */
  conditions: Readonly<Record<V, Prisma.Sql>>;
  /** What every row has to be. */
  scope?: Prisma.Sql;
  /** What the list is narrowed to beside its view. */
  filter?: Prisma.Sql;
};

/**
 * How many rows each view of a list shows, each count capped. A chip keeps the search and the filters that are set:
 * so does its number.
 */
export async function findViewCounts<V extends string>(list: Views<V>): Promise<ViewCount<V>[]> {
  return (await countAmongFew(list)) ?? countEach(list);
}

/** What a search and filters find is gone through once, as long as it is little; null where it is more, or all. */
async function countAmongFew<V extends string>(list: Views<V>): Promise<ViewCount<V>[] | null> {
  const { views, from, conditions, scope = EVERY_ROW, filter = EVERY_ROW } = list;
  if (!isNarrowed(list)) return null;
  const shown = views.map((view, nth) => Prisma.sql`(${conditions[view]}) AS ${nthView(nth)}`);
  const counts = views.map(
    (_, nth) => Prisma.sql`count(*) FILTER (WHERE ${nthView(nth)})::int AS ${nthView(nth)}`,
  );
  const [row] = await db().$queryRaw<Record<string, number>[]>`
    SELECT count(*)::int AS found, ${Prisma.join(counts)} FROM (SELECT ${Prisma.join(shown)} ${from}
      WHERE ${scope} AND ${filter} AND ${foundBy(list)} LIMIT ${BEYOND_CAP}) AS found`;
  if (!row || (row.found ?? 0) > COUNT_CAP) return null;
  return views.map((view, nth) => ({ view, count: row[`view${nth}`] ?? 0, isCapped: false }));
}

const isNarrowed = ({ search, filter = EVERY_ROW }: Pick<Views<string>, "search" | "filter">) =>
  search !== "" || filter !== EVERY_ROW;

const nthView = (nth: number) => Prisma.raw(`view${nth}`);

/** Each view by its own index: one statement. Of a search that finds many, only so many. */
async function countEach<V extends string>(list: Views<V>): Promise<ViewCount<V>[]> {
  const { views, from, conditions, scope = EVERY_ROW, filter = EVERY_ROW } = list;
  const found = foundBy(list);
  const cap = list.search === "" ? COUNT_CAP : BROAD_SEARCH_CAP;
  const counts = Prisma.join(
    views.map(
      (
        view,
      ) => Prisma.sql`SELECT ${view}::text AS view, count(*)::int AS count FROM (SELECT 1 ${from}
      WHERE ${conditions[view]} AND ${scope} AND ${filter} AND ${found} LIMIT ${Prisma.raw(`${cap + 1}`)}) AS counted`,
    ),
    " UNION ALL ",
  );
  // Of all rows it is always the same; what is searched and filtered for decides how it is found.
  const rows = isNarrowed(list)
    ? await db().$queryRaw<{ view: V; count: number }[]>(counts)
    : await prepared<{ view: V; count: number }>(counts);
  return rows.map(({ view, count }) => ({
    view,
    count: Math.min(count, cap),
    isCapped: count > cap,
  }));
}
