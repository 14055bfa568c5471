import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { Page } from "@/lib/kernel/paging/schema";
import { findTurn } from "@/lib/kernel/turns/find-turn";
import type { Turn } from "@/lib/kernel/turns/schema";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { Prisma } from "@/prisma/generated/client";
import { NAMED_ACCOUNTS, type TestRunDetail, type TestRunGroup, type TestRunRow } from "./schema";

const SHOWN = 20;

const counted = (state: string) => Prisma.sql`count(*) FILTER (WHERE i.state = ${state})::int`;

const ROW = Prisma.sql`SELECT r.id, r."createdAt", r."startedByName", r.total, r.parallelism,
    r."cancelledAt", r."finishedAt", c.counts
  FROM "TestRun" r CROSS JOIN LATERAL (
    SELECT jsonb_build_object('pending', ${counted("pending")}, 'running', ${counted("running")},
      'ok', ${counted("ok")}, 'failed', ${counted("failed")}, 'skipped', ${counted("skipped")}) AS counts
    FROM "TestRunItem" i WHERE i."testRunId" = r.id
  ) c`;

/** The runs that people began, newest first. */
export async function listTestRuns(actor: Actor, turn: Turn = {}): Promise<Page<TestRunRow>> {
  requirePermission(actor, "accounts:read");
  const where = { scheduled: false };
  const { rows: found, ...page } = await findTurn({
    turn,
    size: SHOWN,
    find: (window) =>
      db().testRun.findMany({
        where,
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        select: { id: true },
        ...window,
      }),
    count: (bounded) => db().testRun.count({ where, ...bounded }),
  });
  const ids = found.map(({ id }) => id);
  const rows = await db().$queryRaw<TestRunRow[]>`${ROW} WHERE r.id = ANY(${ids}::uuid[])
    ORDER BY r."createdAt" DESC, r.id DESC`;
  return { rows, ...page };
}

/** A run with what failed in it by cause, the widest first; null when it is gone. */
export async function findTestRun(actor: Actor, id: string): Promise<TestRunDetail | null> {
  requirePermission(actor, "accounts:read");
  const [[run], groups] = await Promise.all([
    db().$queryRaw<TestRunRow[]>`${ROW} WHERE r.id = ${id}::uuid`,
    findGroups(id),
  ]);
  return run ? { ...run, groups } : null;
}

type FoundGroup = Pick<TestRunGroup, "accounts" | "named"> & { failureId: string | null };

async function findGroups(testRunId: string): Promise<TestRunGroup[]> {
  const groups = await db().$queryRaw<FoundGroup[]>`
    SELECT "failureId", count(*)::int AS accounts,
      jsonb_agg(jsonb_build_object('id', id, 'name', name, 'connectionTestId', "connectionTestId")
        ORDER BY place) FILTER (WHERE place <= ${NAMED_ACCOUNTS}) AS named
    FROM (
      SELECT i."failureId", e.id, e.name, t.id AS "connectionTestId",
        row_number() OVER (PARTITION BY i."failureId" ORDER BY e."nameKey", e.id) AS place
      FROM "TestRunItem" i JOIN "EmailAccount" e ON e.id = i."emailAccountId"
        LEFT JOIN "ConnectionTest" t ON t.id = i."connectionTestId"
      WHERE i."testRunId" = ${testRunId}::uuid AND i.state = 'failed'
    ) AS failed GROUP BY "failureId" ORDER BY accounts DESC, "failureId"`;
  return groups.map(({ failureId, ...group }) => ({
    ...group,
    // It is about many: what differs from one to the next stays a placeholder.
    remedy: fillRemedy(findRemedy(failureId ?? "postkey.unexpected"), {}),
  }));
}
