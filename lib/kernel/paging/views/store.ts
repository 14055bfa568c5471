import "server-only";
import { db, prepared } from "@/lib/kernel/db";
import { Prisma } from "@/prisma/generated/client";
import { COUNT_CAP, type ViewCount } from "../schema";
import { type Found, foundBy } from "../store";

const BEYOND_CAP = Prisma.raw(`${COUNT_CAP + 1}`);

type Views<V extends string> = Found & {
  views: readonly V[];
  /** FROM … alone. */
  from: Prisma.Sql;
  /** What a row has to be for a view to show it. */
  conditions: Readonly<Record<V, Prisma.Sql>>;
  /** What every row has to be. */
  scope?: Prisma.Sql;
};

/** How many rows of those that a search finds each view of a list shows, each count capped. */
export async function findViewCounts<V extends string>(list: Views<V>): Promise<ViewCount<V>[]> {
  return (await countAmongFew(list)) ?? countEach(list);
}

/** What a search finds is gone through once, as long as it is little; null where it is more, or all. */
async function countAmongFew<V extends string>(list: Views<V>): Promise<ViewCount<V>[] | null> {
  const { views, from, conditions, scope = Prisma.sql`TRUE` } = list;
  if (list.search === "") return null;
  const shown = views.map((view, nth) => Prisma.sql`(${conditions[view]}) AS ${nthView(nth)}`);
  const counts = views.map(
    (_, nth) => Prisma.sql`count(*) FILTER (WHERE ${nthView(nth)})::int AS ${nthView(nth)}`,
  );
  const [row] = await db().$queryRaw<Record<string, number>[]>`
    SELECT count(*)::int AS found, ${Prisma.join(counts)} FROM (SELECT ${Prisma.join(shown)} ${from}
      WHERE ${scope} AND ${foundBy(list)} LIMIT ${BEYOND_CAP}) AS found`;
  if (!row || (row.found ?? 0) > COUNT_CAP) return null;
  return views.map((view, nth) => ({ view, count: row[`view${nth}`] ?? 0, isCapped: false }));
}

const nthView = (nth: number) => Prisma.raw(`view${nth}`);

/** Each view by its own index: one statement. */
async function countEach<V extends string>(list: Views<V>): Promise<ViewCount<V>[]> {
  const { views, from, conditions, scope = Prisma.sql`TRUE`, search } = list;
  const found = foundBy(list);
  const counts = Prisma.join(
    views.map(
      (
        view,
      ) => Prisma.sql`SELECT ${view}::text AS view, count(*)::int AS count FROM (SELECT 1 ${from}
      WHERE ${conditions[view]} AND ${scope} AND ${found} LIMIT ${BEYOND_CAP}) AS counted`,
    ),
    " UNION ALL ",
  );
  // Without a search it is always the same; with one, what is searched for decides how it is found.
  const rows =
    search === ""
      ? await prepared<{ view: V; count: number }>(counts)
      : await db().$queryRaw<{ view: V; count: number }[]>(counts);
  return rows.map(({ view, count }) => ({
    view,
    count: Math.min(count, COUNT_CAP),
    isCapped: count > COUNT_CAP,
  }));
}
