import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { type Columns, defineList, time } from "@/lib/kernel/paging/store";
import { Prisma } from "@/prisma/generated/client";
import { findGroups } from "./groups/store";
import type { LeftOut, StartTestRun, TestRunDetail, TestRunRow } from "./schema";
import { countItems, runOf } from "./store";

const counted = (state: string) => Prisma.sql`count(*) FILTER (WHERE i.state = ${state})::int`;

const COLUMNS: Columns<TestRunRow> = Prisma.sql`r.id, r."createdAt", r."startedByName", r.total, r.parallelism,
  r."cancelledAt", r."finishedAt", (
    -- Not joined: it is worked out for the rows of the page alone, after all are in order.
    SELECT jsonb_build_object('pending', ${counted("pending")}, 'running', ${counted("running")},
      'ok', ${counted("ok")}, 'failed', ${counted("failed")}, 'skipped', ${counted("skipped")},
      'unsigned', ${counted("unsigned")}, 'inactive', ${counted("inactive")})
    FROM "TestRunItem" i WHERE i."testRunId" = r.id
  ) AS counts`;
const TABLES = Prisma.sql`FROM "TestRun" r`;
const BY_PEOPLE = Prisma.sql`NOT r.scheduled`;

export const listTestRuns = defineList({
  permission: "accounts:read",
  columns: COLUMNS,
  tables: TABLES,
  id: Prisma.sql`r.id`,
  among: BY_PEOPLE,
  searched: Prisma.sql`lower(r."startedByName")`,
  sorts: { started: time(Prisma.sql`r."createdAt"`) },
  direction: "desc",
  views: {
    running: ["Running", Prisma.sql`r."finishedAt" IS NULL AND r."cancelledAt" IS NULL`],
    // Of a run that is over it is known.
    with_failures: ["With failures", Prisma.sql`coalesce(r.failed, ${countItems("failed")}) > 0`],
    cancelled: ["Cancelled", Prisma.sql`r."cancelledAt" IS NOT NULL`],
  },
  filters: {},
});

/** Of fewer accounts a run says nothing about the pace of many. */
const PACE_OF = 20;

export async function foreseeTestRun(actor: Actor, input: StartTestRun) {
  requirePermission(actor, "accounts:test");
  const { selected, state } = runOf(input, actor);
  const [[found], [paced]] = await Promise.all([
    db().$queryRaw<(LeftOut & { accounts: number })[]>`
      SELECT ${counted("pending")} AS accounts, ${counted("inactive")} AS inactive, ${counted("unsigned")} AS unsigned
      FROM (SELECT ${state} AS state FROM "EmailAccount" e WHERE ${selected}) i`,
    // Ends: The last run, for its pace alone.
    db().$queryRaw<{ seconds: number }[]>`
      SELECT (extract(epoch FROM r."finishedAt" - r."createdAt") / r.total)::float8 AS seconds FROM "TestRun" r
      WHERE ${BY_PEOPLE} AND r."finishedAt" > r."createdAt" AND r."cancelledAt" IS NULL AND r.total >= ${PACE_OF}
      ORDER BY r."createdAt" DESC LIMIT 1`,
  ]);
  const { accounts = 0, inactive = 0, unsigned = 0 } = found ?? {};
  const minutes = paced ? Math.max(1, Math.round((accounts * paced.seconds) / 60)) : null;
  return { accounts, inactive, unsigned, parallelism: env().testsAtOnce, minutes };
}

export type ForeseenTestRun = Awaited<ReturnType<typeof foreseeTestRun>>;

export async function findTestRun(actor: Actor, id: string): Promise<TestRunDetail | null> {
  requirePermission(actor, "accounts:read");
  const [[run], groups] = await Promise.all([
    db().$queryRaw<TestRunRow[]>`SELECT ${COLUMNS} ${TABLES} WHERE r.id = ${id}::uuid`,
    findGroups(id),
  ]);
  return run ? { ...run, groups } : null;
}
