import {
  isTestDue,
  nextTestAt,
  putOffFailingSignIns,
} from "@/lib/email-accounts/test-schedule/store";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { db } from "@/lib/kernel/db";
import { serverName } from "@/lib/sign-ins/identities";
import { Prisma } from "@/prisma/generated/client";

/** Per provider or server: Exchange throttles more, and no provider delays another. */
const PER_GROUP = 3;
/** In all: more than keepers take in the second until more are put in line. */
const IN_LINE = 200;
/** Advisory lock: only one process at a time counts the line and adds to it. */
const PUTTING_IN_LINE = ADVISORY_LOCKS.scheduledTests;

const group = Prisma.raw(`coalesce(e."cloudProviderId"::text, ${serverName("e")})`);

/** Whether a scheduled test of the account `e` is in line, or runs. */
export const isTestInLine = Prisma.sql`EXISTS (SELECT FROM "TestRunItem" i JOIN "TestRun" r ON r.id = i."testRunId"
  WHERE i."emailAccountId" = e.id AND r.scheduled AND r."finishedAt" IS NULL)`;

/** One statement: a crash leaves them due, and nothing is in line twice. @returns how many were made */
export async function startDueTests(): Promise<number> {
  return db().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${PUTTING_IN_LINE})`;
    await putOffFailingSignIns(tx);
    return tx.$executeRaw`
      WITH in_line AS (
        SELECT e.id, ${group} AS grp FROM "TestRun" r
        JOIN "TestRunItem" i ON i."testRunId" = r.id JOIN "EmailAccount" e ON e.id = i."emailAccountId"
        WHERE r.scheduled AND r."finishedAt" IS NULL
      ), ranked AS (
        SELECT e.id, e."nextTestAt", coalesce(l.count, 0)
          + row_number() OVER (PARTITION BY ${group} ORDER BY e."nextTestAt") AS place
        FROM "EmailAccount" e
        LEFT JOIN (SELECT grp, count(*) AS count FROM in_line GROUP BY grp) l ON l.grp = ${group}
        WHERE ${isTestDue} AND e.id NOT IN (SELECT id FROM in_line)
      ), chosen AS (
        SELECT e.id, gen_random_uuid() AS "testRunId" FROM "EmailAccount" e JOIN ranked r ON r.id = e.id
        WHERE r.place <= ${PER_GROUP} AND ${isTestDue}
        ORDER BY r."nextTestAt" LIMIT greatest(${IN_LINE} - (SELECT count(*) FROM in_line), 0)
        FOR UPDATE OF e SKIP LOCKED
      ), next AS (
        UPDATE "EmailAccount" e SET "nextTestAt" = ${nextTestAt} FROM chosen c WHERE e.id = c.id
      ), run AS (
        INSERT INTO "TestRun" (id, "startedByName", total, parallelism, scheduled)
        SELECT "testRunId", 'Postkey', 1, 1, TRUE FROM chosen
      )
      INSERT INTO "TestRunItem" ("testRunId", "emailAccountId") SELECT "testRunId", id FROM chosen`;
  });
}
