import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import type { ListParams, Page, ViewCount } from "@/lib/kernel/paging/schema";
import { allOf, findPage } from "@/lib/kernel/paging/store";
import { findViewCounts } from "@/lib/kernel/paging/views/store";
import { Prisma } from "@/prisma/generated/client";
import { findGroups } from "./groups/store";
import {
  type ForeseenTestRun,
  type StartTestRun,
  TEST_RUN_VIEWS,
  type TestRunDetail,
  type TestRunFilters,
  type TestRunRow,
  type TestRunSort,
  type TestRunView,
} from "./schema";
import { countItems, runOf } from "./store";

const counted = (state: string) => Prisma.sql`count(*) FILTER (WHERE i.state = ${state})::int`;

const row = (
  columns = Prisma.empty,
) => Prisma.sql`SELECT r.id, r."createdAt", r."startedByName", r.total, r.parallelism,
    r."cancelledAt", r."finishedAt", (
    -- Not joined: it is worked out for the rows of the page alone, after all are in order.
    SELECT jsonb_build_object('pending', ${counted("pending")}, 'running', ${counted("running")},
      'ok', ${counted("ok")}, 'failed', ${counted("failed")}, 'skipped', ${counted("skipped")})
    FROM "TestRunItem" i WHERE i."testRunId" = r.id
  ) AS counts ${columns}
  FROM "TestRun" r`;

const LISTED = Prisma.sql`FROM "TestRun" r`;
const BY_PEOPLE = Prisma.sql`NOT r.scheduled`;
const RANK = Prisma.sql`CASE WHEN r."cancelledAt" IS NOT NULL THEN 2 WHEN r."finishedAt" IS NULL THEN 0 ELSE 1 END`;
/** Of a run that is over it is known. */
const WORKS = Prisma.sql`coalesce(r.works, ${countItems("ok")})`;
const FAILED = Prisma.sql`coalesce(r.failed, ${countItems("failed")})`;
const SKIPPED = Prisma.sql`coalesce(r.skipped, ${countItems("skipped")})`;

type FoundRow = TestRunRow & { rank: number };

/** What runs are sorted by. What comes of their accounts is counted while they last: few do. */
const SEARCHED = Prisma.sql`lower(r."startedByName")`;

const SORTS = {
  started: {
    column: Prisma.sql`r."createdAt"`,
    type: "timestamptz",
    value: (row: FoundRow) => row.createdAt.toISOString(),
  },
  total: { column: Prisma.sql`r.total`, type: "integer", value: (row: FoundRow) => `${row.total}` },
  state: { column: RANK, type: "integer", value: (row: FoundRow) => `${row.rank}` },
  works: { column: WORKS, type: "integer", value: (row: FoundRow) => `${row.counts.ok}` },
  failed: {
    column: FAILED,
    type: "integer",
    value: (row: FoundRow) => `${row.counts.failed}`,
  },
  skipped: {
    column: SKIPPED,
    type: "integer",
    value: (row: FoundRow) => `${row.counts.skipped}`,
  },
} as const;

const CONDITIONS: Readonly<Record<TestRunView, Prisma.Sql>> = {
  running: Prisma.sql`r."finishedAt" IS NULL AND r."cancelledAt" IS NULL`,
  with_failures: Prisma.sql`${FAILED} > 0`,
  cancelled: Prisma.sql`r."cancelledAt" IS NOT NULL`,
};

const NEWEST_FIRST = { search: "", sort: "started", direction: "desc" } as const;

/** The runs that people began. */
export async function listTestRuns(
  actor: Actor,
  params: ListParams<TestRunSort> & TestRunFilters = NEWEST_FIRST,
): Promise<Page<TestRunRow>> {
  requirePermission(actor, "accounts:read");
  const { rows, ...page } = await findPage<TestRunSort, FoundRow>({
    params,
    sorts: SORTS,
    id: Prisma.sql`r.id`,
    select: row(Prisma.sql`, ${RANK} AS rank`),
    from: LISTED,
    searched: SEARCHED,
    filter: allOf([BY_PEOPLE, params.view && CONDITIONS[params.view]]),
  });
  return { rows: rows.map(({ rank, ...run }) => run), ...page };
}

/** How many runs each view has, of those that a search finds. */
export async function countTestRunViews(
  actor: Actor,
  search = "",
): Promise<ViewCount<TestRunView>[]> {
  requirePermission(actor, "accounts:read");
  return findViewCounts({
    views: TEST_RUN_VIEWS,
    from: LISTED,
    conditions: CONDITIONS,
    scope: BY_PEOPLE,
    search,
    searched: SEARCHED,
  });
}

/** Of fewer accounts a run says nothing about the pace of many. */
const PACE_OF = 20;

/** How many accounts a run would test, and about how long it would take. */
export async function foreseeTestRun(actor: Actor, input: StartTestRun): Promise<ForeseenTestRun> {
  requirePermission(actor, "accounts:test");
  const { selected, isTested } = runOf(input, actor);
  const [[counted], [paced]] = await Promise.all([
    db().$queryRaw<{ accounts: number; leftOut: number }[]>`
      SELECT count(*) FILTER (WHERE ${isTested})::int AS accounts,
        count(*) FILTER (WHERE NOT ${isTested})::int AS "leftOut"
      FROM "EmailAccount" e WHERE ${selected}`,
    // Ends: The last run, for its pace alone.
    db().$queryRaw<{ seconds: number }[]>`
      SELECT (extract(epoch FROM r."finishedAt" - r."createdAt") / r.total)::float8 AS seconds FROM "TestRun" r
      WHERE ${BY_PEOPLE} AND r."finishedAt" > r."createdAt" AND r."cancelledAt" IS NULL AND r.total >= ${PACE_OF}
      ORDER BY r."createdAt" DESC LIMIT 1`,
  ]);
  const { accounts = 0, leftOut = 0 } = counted ?? {};
  const minutes = paced ? Math.max(1, Math.round((accounts * paced.seconds) / 60)) : null;
  return { accounts, leftOut, parallelism: env().testsAtOnce, minutes };
}

/** A run with what failed in it by cause, the widest first; null when it is gone. */
export async function findTestRun(actor: Actor, id: string): Promise<TestRunDetail | null> {
  requirePermission(actor, "accounts:read");
  const [[run], groups] = await Promise.all([
    db().$queryRaw<TestRunRow[]>`${row()} WHERE r.id = ${id}::uuid`,
    findGroups(id),
  ]);
  return run ? { ...run, groups } : null;
}
