import type { TestOutcome } from "@/lib/checks/run";
import { selectedAccounts } from "@/lib/email-accounts/bulk/queries";
import type { Actor } from "@/lib/kernel/actor";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { gathered } from "@/lib/kernel/batch";
import { db, pool } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import { mailboxKey, signedInName } from "@/lib/sign-ins/identities";
import { Prisma } from "@/prisma/generated/client";
import { KEPT_DAYS } from "../retention";
import { TEST_LEASE } from "../store";
import type { StartTestRun } from "./schema";

/** An inactive account has no state that says so. */
const NEVER_SIGNED_IN =
  Prisma.raw(`(e.state = 'not_signed_in' OR NOT e.active AND e."modernAuthentication" AND NOT EXISTS (
  SELECT FROM "CloudProvider" p JOIN "Authorization" a ON a."cloudProviderId" = p.id AND a.username = ${signedInName("e", "p")}
  WHERE p.id = e."cloudProviderId"))`);

/** SQL: of the accounts `e`, how an item of a run begins: without a sign-in there is nothing to test, and an inactive account is tested only if it was ticked. */
export function runOf(input: StartTestRun, actor: Actor) {
  const isLeftAlone = input.accounts === "all" ? Prisma.sql`NOT e.active` : Prisma.sql`FALSE`;
  const state = Prisma.sql`CASE WHEN ${isLeftAlone} THEN 'inactive'
    WHEN ${NEVER_SIGNED_IN} THEN 'unsigned' ELSE 'pending' END`;
  return { selected: selectedAccounts(input, actor), state };
}

/** Advisory lock: only one process at a time counts what runs and adds to it. */
const CLAIMING = ADVISORY_LOCKS.claimedTests;
/** What ended its process each time, or was stopped by an error each time, is given up. */
const MAX_CLAIMS = 10;

export type ClaimedItem = {
  testRunId: string;
  emailAccountId: string;
  /** Of the report, the same when the item is tested again: it is stored once. */
  connectionTestId: string;
  startedByName: string;
  freshTokens: boolean;
  startedAt: Date;
};

export type RunKind = { scheduled: boolean };

/**
 * A run has its own parallelism, a mailbox one test, and people's runs $1 together; of scheduled ones
 * the caller takes $1 more. Runs take turns. What a dead process left is taken again.
 */
const CLAIM = {
  name: "claim-test-run-items",
  text: `WITH busy AS (
      SELECT i."testRunId", count(*)::int AS count
      FROM "TestRun" r JOIN "TestRunItem" i ON i."testRunId" = r.id
      WHERE r."finishedAt" IS NULL AND r.scheduled = $2
        AND i.state = 'running' AND ${TEST_LEASE.isHeld('i."leaseUntil"')} GROUP BY 1
    ), open AS (
      SELECT r.id, r."startedByName", r."freshTokens", r."createdAt", coalesce(b.count, 0) AS busy,
        least(r.parallelism, $1) - coalesce(b.count, 0) AS room
      FROM "TestRun" r LEFT JOIN busy b ON b."testRunId" = r.id
      WHERE r."finishedAt" IS NULL AND r."cancelledAt" IS NULL AND r.scheduled = $2
    ), waiting AS (
      SELECT o.id AS "testRunId", o."startedByName", o."freshTokens", o."createdAt", i.*,
        o.busy + row_number() OVER (PARTITION BY o.id) AS turn
      FROM open o CROSS JOIN LATERAL (
        SELECT i."emailAccountId", coalesce(i."connectionTestId", gen_random_uuid()) AS report,
          ${mailboxKey("e")} AS mailbox
        FROM "TestRunItem" i JOIN "EmailAccount" e ON e.id = i."emailAccountId"
        WHERE i."testRunId" = o.id AND i.state IN ('pending', 'running')
          AND (i.state = 'pending' OR ${TEST_LEASE.isFree('i."leaseUntil"')})
          AND NOT EXISTS (SELECT 1 FROM "MailboxLease" l
            WHERE l.mailbox = ${mailboxKey("e")} AND ${TEST_LEASE.isHeld("l.until")})
        LIMIT greatest(o.room, 0) FOR UPDATE OF i SKIP LOCKED
      ) i
    ), distinct_ones AS (
      SELECT DISTINCT ON (mailbox) * FROM waiting ORDER BY mailbox, turn
    ), chosen AS (
      SELECT * FROM distinct_ones ORDER BY turn, "createdAt"
      LIMIT greatest($1 - CASE WHEN $2 THEN 0 ELSE (SELECT coalesce(sum(count), 0) FROM busy) END, 0)
    ), leased AS (
      INSERT INTO "MailboxLease" AS l (mailbox, owner, until)
      SELECT mailbox, report, ${TEST_LEASE.until} FROM chosen
      ON CONFLICT (mailbox) DO UPDATE SET owner = excluded.owner, until = excluded.until
        WHERE ${TEST_LEASE.isFree("l.until")}
      RETURNING mailbox
    )
    UPDATE "TestRunItem" i SET state = 'running', "leaseUntil" = ${TEST_LEASE.until},
      "connectionTestId" = c.report, claims = i.claims + 1
    FROM chosen c JOIN leased USING (mailbox)
    WHERE i."testRunId" = c."testRunId" AND i."emailAccountId" = c."emailAccountId"
    RETURNING i."testRunId", i."emailAccountId", i."connectionTestId", c."startedByName", c."freshTokens",
      c."createdAt" AS "startedAt"`,
};

export async function claimItems(places: number, { scheduled }: RunKind): Promise<ClaimedItem[]> {
  const client = await pool().connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [CLAIMING]);
    const { rows } = await client.query<ClaimedItem>({ ...CLAIM, values: [places, scheduled] });
    await client.query("COMMIT");
    return rows;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

/** `pending` puts an item back in line. */
type Ending = { state: TestOutcome["verdict"] | "skipped" | "pending" } & Partial<
  Pick<TestOutcome, "failureId" | "durationMs">
>;

type Ended = ClaimedItem & Ending;

const END = {
  name: "end-test-run-items",
  text: `WITH ended AS (
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[])
        AS x(run, report, state, failure, duration)
    ), released AS (
      DELETE FROM "MailboxLease" l USING ended x WHERE l.owner = x.report
    )
    UPDATE "TestRunItem" i SET "failureId" = x.failure, "durationMs" = x.duration, "leaseUntil" = NULL,
      claims = 0, state = CASE WHEN EXISTS (SELECT 1 FROM "EmailAccount" e WHERE e.id = i."emailAccountId")
        THEN x.state ELSE 'skipped' END
    FROM ended x
    WHERE i."testRunId" = x.run AND i."connectionTestId" = x.report AND i.state = 'running'`,
};

const endTogether = gathered<Ended, true>(async (ended) => {
  const columns = [
    ended.map(({ testRunId }) => testRunId),
    ended.map(({ connectionTestId }) => connectionTestId),
    ended.map(({ state }) => state),
    ended.map(({ failureId = null }) => failureId),
    ended.map(({ durationMs = null }) => durationMs),
  ];
  await pool().query({ ...END, values: columns });
  return ended.map(() => true);
});

export async function endItem(item: ClaimedItem, ending: Ending): Promise<void> {
  await endTogether({ ...item, ...ending });
}

export async function findCancelled(testRunIds: readonly string[]): Promise<Set<string>> {
  const rows = await db().testRun.findMany({
    where: { id: { in: [...testRunIds] }, cancelledAt: { not: null } },
    select: { id: true },
  });
  return new Set(rows.map(({ id }) => id));
}

/** Also notifies open pages; a scheduled run leaves only its report. @returns whether one of this kind is open */
export async function settleRuns({ scheduled }: RunKind): Promise<boolean> {
  const isOpen = { finishedAt: null, scheduled };
  const open = await db().testRun.findMany({ where: isOpen, select: { id: true } });
  if (open.length === 0) return false;
  await db().$transaction(async (tx) => {
    await endItemsOfNobody(tx, { scheduled });
    if (scheduled)
      await tx.$executeRaw`DELETE FROM "TestRun" r
      WHERE r."finishedAt" IS NULL AND r.scheduled AND ${isOver}`;
    else {
      await tx.$executeRaw`UPDATE "TestRun" r SET "finishedAt" = now(),
          failed = ${countItems("failed")}
        WHERE r."finishedAt" IS NULL AND NOT r.scheduled AND ${isOver}`;
      for (const { id } of open) await publish(tx, { type: "test_run", id });
    }
  });
  return (await db().testRun.count({ where: isOpen })) > 0;
}

/** SQL: how many items of the run `r` are in a state. */
export const countItems = (state: string) =>
  Prisma.raw(`(SELECT count(*)::int FROM "TestRunItem" i
  WHERE i."testRunId" = r.id AND i.state = '${state}')`);

const isOver = Prisma.sql`NOT EXISTS (
  SELECT 1 FROM "TestRunItem" i WHERE i."testRunId" = r.id AND i.state IN ('pending', 'running'))`;

/** Items that will never be tested: their run was stopped, their account is gone, or they fail every time. */
async function endItemsOfNobody(tx: Transaction, { scheduled }: RunKind): Promise<void> {
  await tx.$executeRaw`
    UPDATE "TestRunItem" i SET "leaseUntil" = NULL,
      state = CASE WHEN ${isGivenUp} THEN 'failed' ELSE 'skipped' END,
      "failureId" = CASE WHEN ${isGivenUp} THEN 'postkey.unexpected' END
    FROM "TestRun" r
    WHERE r.id = i."testRunId" AND r."finishedAt" IS NULL AND r.scheduled = ${scheduled}
      AND i.state IN ('pending', 'running')
      AND (i.state = 'pending' OR ${Prisma.raw(TEST_LEASE.isFree('i."leaseUntil"'))})
      AND (r."cancelledAt" IS NOT NULL OR i.claims >= ${MAX_CLAIMS}
        OR NOT EXISTS (SELECT 1 FROM "EmailAccount" e WHERE e.id = i."emailAccountId"))`;
}

const isGivenUp = Prisma.sql`(i.claims >= ${MAX_CLAIMS} AND r."cancelledAt" IS NULL)`;

export async function deleteOldTestRuns(): Promise<void> {
  await pool().query(
    `DELETE FROM "TestRun" WHERE "createdAt" < now() - interval '${KEPT_DAYS} days'`,
  );
  await pool().query(`DELETE FROM "MailboxLease" WHERE ${TEST_LEASE.isFree("until")}`);
}
