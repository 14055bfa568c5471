import "server-only";
import { readReachedAccount } from "@/lib/email-accounts/mailbox/queries";
import { readEmailAccounts } from "@/lib/email-accounts/queries";
import { repairButtonsOf } from "@/lib/email-accounts/repair-object";
import { type Actor, requirePermission, requirePermissionOnAccounts } from "@/lib/kernel/actor";
import { db, prepared } from "@/lib/kernel/db";
import type { Page } from "@/lib/kernel/paging/schema";
import { findTurn } from "@/lib/kernel/turns/find-turn";
import type { Turn } from "@/lib/kernel/turns/schema";
import type { RepairButton } from "@/lib/remedies/remedy";
import { Prisma } from "@/prisma/generated/client";
import { compareReports } from "./compare";
import { explainProtocol, explainToken } from "./explain";
import {
  type Comparison,
  type ConnectionReport,
  type ConnectionTestRow,
  reportSchema,
  STRIP_HOURS,
  type StoredReport,
  type TestDay,
  type TestStrip,
} from "./schema";

const HISTORY = 20;

const testView = {
  id: true,
  startedAt: true,
  durationMs: true,
  verdict: true,
  startedByName: true,
  report: true,
} as const satisfies Prisma.ConnectionTestSelect;

/** The reports of an account, newest first. */
export async function listConnectionTests(
  actor: Actor,
  emailAccountId: string,
  { limit = HISTORY, ...turn }: Turn & { limit?: number } = {},
): Promise<Page<ConnectionTestRow>> {
  requirePermissionOnAccounts(actor, "accounts:read");
  const account = await readReachedAccount(actor, emailAccountId);
  if (!account) return { rows: [], total: { count: 0, isCapped: false } };
  const where = { emailAccountId };
  const { rows, ...page } = await findTurn({
    turn,
    size: limit,
    find: (window) =>
      db().connectionTest.findMany({
        where,
        orderBy: [{ startedAt: "desc" }, { id: "desc" }],
        select: testView,
        ...window,
      }),
    count: (bounded) => db().connectionTest.count({ where, ...bounded }),
  });
  const explained = rows.map(({ report, ...row }) => {
    const { username, emailAddress, protocols } = reportSchema.parse(report);
    const tested = { ...account, username, emailAddress };
    return {
      ...row,
      // Twenty transcripts are many times as much as what a list shows.
      protocols: protocols.map(({ transcript: _, ...each }) => explainProtocol(each, tested)),
    };
  });
  return { rows: explained, ...page };
}

/** One report, in full; null when it is gone. */
export async function findConnectionTest(actor: Actor, id: string): Promise<StoredReport | null> {
  requirePermissionOnAccounts(actor, "accounts:read");
  const row = await db().connectionTest.findUnique({ where: { id } });
  const account = row && (await readReachedAccount(actor, row.emailAccountId));
  if (!account) return null;
  const { report: stored, startedAt, ...rest } = row;
  const report = reportSchema.parse(stored);
  const { emailAddress, username, protocols, token } = report;
  return {
    ...rest,
    name: account.name,
    emailAddress,
    startedAt,
    protocols: protocols.map((each) =>
      explainProtocol(each, { ...account, username, emailAddress }),
    ),
    token: explainToken({ token, login: username, at: startedAt }, account),
    isTokenFresh: token?.isFresh ?? null,
    comparison: await compareWithLastGood(row.emailAccountId, startedAt, report),
  };
}

/** The newest report of an account, in full; null before its first test. */
export async function findLastConnectionTest(
  actor: Actor,
  emailAccountId: string,
): Promise<StoredReport | null> {
  requirePermissionOnAccounts(actor, "accounts:read");
  const newest = await db().connectionTest.findFirst({
    where: { emailAccountId },
    orderBy: [{ startedAt: "desc" }, { id: "desc" }],
    select: { id: true },
  });
  return newest && findConnectionTest(actor, newest.id);
}

/** What differs from the last time that everything worked; null when that was never. */
export async function findComparison(actor: Actor, id: string): Promise<Comparison | null> {
  requirePermissionOnAccounts(actor, "accounts:read");
  const row = await db().connectionTest.findUnique({ where: { id } });
  if (!row) return null;
  const report = reportSchema.parse(row.report);
  return compareWithLastGood(row.emailAccountId, row.startedAt, report);
}

async function compareWithLastGood(
  emailAccountId: string,
  startedAt: Date,
  report: ConnectionReport,
): Promise<Comparison | null> {
  const good = await db().connectionTest.findFirst({
    where: { emailAccountId, verdict: "ok", startedAt: { lt: startedAt } },
    orderBy: { startedAt: "desc" },
    select: { startedAt: true, report: true },
  });
  if (!good) return null;
  const differences = compareReports(report, reportSchema.parse(good.report));
  return { goodAt: good.startedAt, differences };
}

// Numbers are part of the text, so that a connection plans these statements once.
const STRIPS = Prisma.raw("10");
/** Counting stops here. */
const DAY_CAP = 20_000;
const BEYOND_CAP = Prisma.raw(`${DAY_CAP + 1}`);
const A_DAY_AGO = Prisma.raw(`now() - interval '${STRIP_HOURS} hours'`);

type Bucket = { id: string; name: string; hoursAgo: number | null; passed: number; failed: number };

/**
 * The tests of the last 24 hours: the accounts whose last one failed, the first by name with each of their
 * hours, and how many more there are of both kinds. Hours are counted back from now: the reader's clock and
 * the server's may be in different places.
 */
export async function readTestDay(actor: Actor): Promise<TestDay> {
  requirePermission(actor, "accounts:read");
  const tested = Prisma.sql`active AND "lastTestedAt" > ${A_DAY_AGO}`;
  const counted = (
    failed: Prisma.Sql,
  ) => Prisma.sql`(SELECT count(*)::int FROM (SELECT 1 FROM "EmailAccount"
    WHERE "testFailureId" IS ${failed} AND ${tested} LIMIT ${BEYOND_CAP}) AS counted)`;
  const [buckets, [counts]] = await Promise.all([
    prepared<Bucket>(Prisma.sql`
      WITH shown AS (
        SELECT id, name, "nameKey" FROM "EmailAccount" WHERE "testFailureId" IS NOT NULL AND ${tested}
        ORDER BY "nameKey", id LIMIT ${STRIPS}
      )
      SELECT a.id, a.name, t."hoursAgo", coalesce(t.passed, 0) AS passed, coalesce(t.failed, 0) AS failed
      FROM shown a LEFT JOIN LATERAL (
        SELECT floor(extract(epoch FROM now() - t."startedAt") / 3600)::int AS "hoursAgo",
          count(*) FILTER (WHERE t.verdict = 'ok')::int AS passed,
          count(*) FILTER (WHERE t.verdict <> 'ok')::int AS failed
        FROM "ConnectionTest" t
        WHERE t."emailAccountId" = a.id
          AND t."startedAt" > ${A_DAY_AGO} AND t."startedAt" <= now()
        GROUP BY 1
      ) t ON TRUE
      ORDER BY a."nameKey", a.id`),
    prepared<{ failing: number; passing: number }>(Prisma.sql`
      SELECT ${counted(Prisma.sql`NOT NULL`)} AS failing, ${counted(Prisma.sql`NULL`)} AS passing`),
  ]);
  const accounts = await readEmailAccounts(actor, [...new Set(buckets.map(({ id }) => id))]);
  const buttons = new Map(accounts.map((account) => [account.id, repairButtonsOf(account)]));
  return {
    strips: stripsOf(buckets, buttons),
    failing: capped(counts?.failing ?? 0),
    passing: capped(counts?.passing ?? 0),
  };
}

function capped(count: number): TestDay["failing"] {
  return { count: Math.min(count, DAY_CAP), isCapped: count > DAY_CAP };
}

function stripsOf(buckets: Bucket[], buttons: Map<string, RepairButton[]>): TestStrip[] {
  const strips = new Map<string, TestStrip>();
  for (const { id, name, hoursAgo, passed, failed } of buckets) {
    const hours = Array.from({ length: STRIP_HOURS }, () => null);
    const empty = { id, name, buttons: buttons.get(id) ?? [], hours };
    const strip = strips.get(id) ?? empty;
    if (hoursAgo !== null) strip.hours[STRIP_HOURS - 1 - hoursAgo] = { passed, failed };
    strips.set(id, strip);
  }
  return [...strips.values()];
}
