import "server-only";
import { readReachedAccount } from "@/lib/email-accounts/mailbox/queries";
import { type Actor, requirePermission, requirePermissionOnAccounts } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { Page } from "@/lib/kernel/paging/schema";
import { findTurn } from "@/lib/kernel/turns/find-turn";
import type { Turn } from "@/lib/kernel/turns/schema";
import type { Prisma } from "@/prisma/generated/client";
import { compareReports } from "./compare";
import { explainProtocol, explainToken } from "./explain";
import {
  type Comparison,
  type ConnectionReport,
  type ConnectionTestRow,
  reportSchema,
  STRIP_HOURS,
  type StoredReport,
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
    comparison: await compareWithLastGood(row.emailAccountId, startedAt, report),
  };
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

const STRIPS = 50;

type Bucket = { id: string; name: string; hoursAgo: number | null; passed: number; failed: number };

/**
 * The tests of the last 24 hours by account and hour, those that fail first. Hours are counted back
 * from now: the reader's clock and the server's may be in different places.
 */
export async function listTestStrips(
  actor: Actor,
): Promise<{ strips: TestStrip[]; accounts: number }> {
  requirePermission(actor, "accounts:read");
  const [strips, accounts] = await Promise.all([readStrips(), countTested()]);
  return { strips, accounts };
}

/** Accounts with a strip, whether it is shown or not. */
async function countTested(): Promise<number> {
  const [row] = await db().$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM "EmailAccount"
    WHERE active AND "lastTestedAt" > now() - make_interval(hours => ${STRIP_HOURS})`;
  return row?.count ?? 0;
}

async function readStrips(): Promise<TestStrip[]> {
  const buckets = await db().$queryRaw<Bucket[]>`
    WITH shown AS (
      SELECT id, name, "nameKey", "testFailureId" FROM "EmailAccount"
      WHERE active AND "lastTestedAt" > now() - make_interval(hours => ${STRIP_HOURS})
      ORDER BY "testFailureId" IS NULL, "nameKey", id LIMIT ${STRIPS}
    )
    SELECT a.id, a.name, t."hoursAgo", coalesce(t.passed, 0) AS passed, coalesce(t.failed, 0) AS failed
    FROM shown a LEFT JOIN LATERAL (
      SELECT floor(extract(epoch FROM now() - t."startedAt") / 3600)::int AS "hoursAgo",
        count(*) FILTER (WHERE t.verdict = 'ok')::int AS passed,
        count(*) FILTER (WHERE t.verdict <> 'ok')::int AS failed
      FROM "ConnectionTest" t
      WHERE t."emailAccountId" = a.id
        AND t."startedAt" > now() - make_interval(hours => ${STRIP_HOURS}) AND t."startedAt" <= now()
      GROUP BY 1
    ) t ON TRUE
    ORDER BY a."testFailureId" IS NULL, a."nameKey", a.id`;
  const strips = new Map<string, TestStrip>();
  for (const { id, name, hoursAgo, passed, failed } of buckets) {
    const empty = { id, name, hours: Array.from({ length: STRIP_HOURS }, () => null) };
    const strip = strips.get(id) ?? empty;
    if (hoursAgo !== null) strip.hours[STRIP_HOURS - 1 - hoursAgo] = { passed, failed };
    strips.set(id, strip);
  }
  return [...strips.values()];
}
