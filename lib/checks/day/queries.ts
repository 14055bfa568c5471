import { readEmailAccounts } from "@/lib/email-accounts/queries";
import { repairButtonsOf } from "@/lib/email-accounts/repair-object";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { prepared } from "@/lib/kernel/db";
import type { RepairButton } from "@/lib/remedies/remedy";
import { Prisma } from "@/prisma/generated/client";
import { STRIP_HOURS, type TestDay, type TestStrip } from "../schema";

// Numbers are part of the text, so that a connection plans these statements once.
const STRIPS = Prisma.raw("10");
const DAY_CAP = 20_000;
const BEYOND_CAP = Prisma.raw(`${DAY_CAP + 1}`);
const A_DAY_AGO = Prisma.raw(`now() - interval '${STRIP_HOURS} hours'`);

type Bucket = { id: string; name: string; hoursAgo: number | null; passed: number; failed: number };

/** Hours are counted back from now: the reader may be in another time zone. */
export async function readTestDay(actor: Actor): Promise<TestDay> {
  requirePermission(actor, "accounts:read");
  const tested = Prisma.sql`active AND "lastTestedAt" > ${A_DAY_AGO}`;
  // Ends: Shown as “20,000+”.
  const counted = (
    failed: Prisma.Sql,
  ) => Prisma.sql`(SELECT count(*)::int FROM (SELECT 1 FROM "EmailAccount"
    WHERE "testFailureId" IS ${failed} AND ${tested} LIMIT ${BEYOND_CAP}) AS counted)`;
  const [buckets, [counts]] = await Promise.all([
    // Ends: Says how many more there are.
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

function stripsOf(buckets: Bucket[], buttons: Map<string, readonly RepairButton[]>): TestStrip[] {
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
