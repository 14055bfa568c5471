import { type MailboxAccount, readReachedAccount } from "@/lib/email-accounts/mailbox/queries";
import { type Actor, requirePermissionOnAccounts } from "@/lib/kernel/actor";
import { db, prepared } from "@/lib/kernel/db";
import { findSection } from "@/lib/kernel/sections/find-section";
import type { Position } from "@/lib/kernel/sections/schema";
import { only } from "@/lib/kernel/words";
import { Prisma } from "@/prisma/generated/client";
import { compareReports } from "./compare";
import { explainProtocol, explainToken } from "./explain";
import {
  type Comparison,
  type ConnectionReport,
  reportSchema,
  type StoredReport,
  type TestVerdict,
} from "./schema";

const testView = only(
  "id startedAt durationMs verdict startedByName report",
) satisfies Prisma.ConnectionTestSelect;

export async function listConnectionTests(
  actor: Actor,
  emailAccountId: string,
  { limit = 20, ...position }: Position & { limit?: number } = {},
) {
  requirePermissionOnAccounts(actor, "accounts:read");
  const account = await readReachedAccount(actor, emailAccountId);
  if (!account) return { rows: [], total: { count: 0, isCapped: false } };
  const where = { emailAccountId };
  const { rows, ...page } = await findSection({
    position,
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
  const passedAt = await findPassed(emailAccountId);
  const explained = rows.map(({ report, ...row }) => {
    const { protocols, ...names } = reportSchema.parse(report);
    const tested = asTested(account, names);
    return {
      ...row,
      verdict: verdictOf(row),
      passedSince: hasPassedSince(row, passedAt),
      // Twenty transcripts are many times as much as what a list shows.
      protocols: protocols.map(({ transcript: _, ...each }) => explainProtocol(each, tested)),
    };
  });
  return { rows: explained, ...page };
}

export type ConnectionTestRow = Awaited<ReturnType<typeof listConnectionTests>>["rows"][number];

export async function findConnectionTest(actor: Actor, id: string): Promise<StoredReport | null> {
  requirePermissionOnAccounts(actor, "accounts:read");
  const row = await db().connectionTest.findUnique({ where: { id } });
  const account = row && (await readReachedAccount(actor, row.emailAccountId));
  if (!account) return null;
  const { report: stored, startedAt, ...rest } = row;
  const report = reportSchema.parse(stored);
  const { emailAddress, username, protocols, token } = report;
  const tested = asTested(account, report);
  return {
    ...rest,
    verdict: verdictOf(row),
    passedSince: hasPassedSince(row, await findPassed(row.emailAccountId)),
    name: account.name,
    emailAddress,
    startedAt,
    protocols: protocols.map((each) => explainProtocol(each, tested)),
    token: explainToken({ token, login: username, at: startedAt }, account),
    isTokenFresh: token?.isFresh ?? null,
    comparison: await compareWithLastGood({ id, emailAccountId: row.emailAccountId, report }),
  };
}

/** When the account last passed a test. */
async function findPassed(emailAccountId: string): Promise<Date> {
  const last = await db().connectionTest.findFirst({
    where: { emailAccountId, verdict: "ok" },
    orderBy: { startedAt: "desc" },
    select: { startedAt: true },
  });
  return last?.startedAt ?? new Date(0);
}

function hasPassedSince(row: { verdict: string; startedAt: Date }, passedAt: Date): boolean {
  return row.verdict === "failed" && row.startedAt < passedAt;
}

type Names = Pick<ConnectionReport, "username" | "emailAddress" | "mailbox">;

/** An account with the names of a test: a report is about these, whatever the account was changed to since. */
function asTested(
  account: MailboxAccount,
  { username, emailAddress, mailbox = account.mailbox }: Names,
): MailboxAccount {
  return { ...account, username, emailAddress, mailbox };
}

/** Written by store.ts only. */
function verdictOf({ verdict }: { verdict: string }): TestVerdict {
  return verdict as TestVerdict;
}

export async function findLastConnectionTest(actor: Actor, emailAccountId: string) {
  requirePermissionOnAccounts(actor, "accounts:read");
  const newest = await db().connectionTest.findFirst({
    where: { emailAccountId },
    orderBy: [{ startedAt: "desc" }, { id: "desc" }],
    select: { id: true },
  });
  return newest && findConnectionTest(actor, newest.id);
}

type Compared = { id: string; emailAccountId: string; report: ConnectionReport };

/** What differs from the last time that everything worked; null when that was never, or the test is gone. */
export async function findComparison(actor: Actor, test: Compared): Promise<Comparison | null> {
  requirePermissionOnAccounts(actor, "accounts:read");
  return compareWithLastGood(test);
}

async function compareWithLastGood({ id, emailAccountId, report }: Compared) {
  // Without transcripts, which are most of a report, and are not compared.
  // Ends: The last good test, to compare with.
  const [good] = await prepared<{ goodAt: Date; report: unknown }>(Prisma.sql`
    SELECT "startedAt" AS "goodAt", report #- '{protocols,0,transcript}' #- '{protocols,1,transcript}'
      #- '{protocols,2,transcript}' AS report FROM "ConnectionTest"
    WHERE "emailAccountId" = ${emailAccountId}::uuid AND verdict = 'ok'
      AND "startedAt" < (SELECT "startedAt" FROM "ConnectionTest" WHERE id = ${id}::uuid)
    ORDER BY "startedAt" DESC LIMIT 1`);
  if (!good) return null;
  const differences = compareReports(report, reportSchema.parse(good.report));
  return { goodAt: good.goodAt, differences };
}
