import "server-only";
import { type Actor, requirePermissionOnAccounts } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { COUNT_CAP } from "@/lib/kernel/paging/schema";
import { Prisma } from "@/prisma/generated/client";
import { accountScope } from "../store";
import {
  ACCOUNT_VIEWS,
  type AccountFilters,
  type AccountView,
  EXPIRING_DAYS,
  type ViewCount,
} from "./schema";

const CONDITIONS: Readonly<Record<AccountView, Prisma.Sql>> = {
  attention: Prisma.sql`e.state IN ('locked', 'fix_registration', 'sign_in_again', 'test_failed', 'no_provider',
    'not_signed_in', 'retrying')`,
  not_signed_in: Prisma.sql`e.state IN ('no_provider', 'not_signed_in', 'sign_in_again')`,
  test_failed: Prisma.sql`e.state = 'test_failed'`,
  imap_failed: Prisma.sql`e."imapVerdict" = 'failed'`,
  smtp_failed: Prisma.sql`e."smtpVerdict" = 'failed'`,
  pop3_failed: Prisma.sql`e."pop3Verdict" = 'failed'`,
  expiring: Prisma.sql`e."cloudProviderId" IN (SELECT c."cloudProviderId" FROM "ClientCredential" c
    WHERE c."supersededAt" IS NULL AND c."expiresAt" < now() + make_interval(days => ${EXPIRING_DAYS}))`,
  password: Prisma.sql`NOT e."modernAuthentication"`,
  inactive: Prisma.sql`e.state = 'inactive'`,
};

/** SQL: the accounts `e` that a list is narrowed to. */
export function accountFilter(filters: AccountFilters): Prisma.Sql {
  const { view, cloudProviderId, contactListId, service, testSchedule } = filters;
  const conditions = [
    view && CONDITIONS[view],
    cloudProviderId && Prisma.sql`e."cloudProviderId" = ${cloudProviderId}::uuid`,
    contactListId && Prisma.sql`e."contactListId" = ${contactListId}::uuid`,
    service && Prisma.sql`e.service = ${service}`,
    testSchedule && Prisma.sql`e."testSchedule" = ${testSchedule}`,
  ].filter((condition) => typeof condition === "object");
  return conditions.length === 0 ? Prisma.sql`TRUE` : Prisma.join(conditions, " AND ");
}

/** How many accounts each view has, among all that the actor reaches: one statement, each count capped. */
export async function countViews(actor: Actor): Promise<ViewCount[]> {
  requirePermissionOnAccounts(actor, "accounts:read");
  const scope = accountScope(actor);
  const counts = ACCOUNT_VIEWS.map(
    (
      view,
    ) => Prisma.sql`SELECT ${view} AS view, count(*)::int AS count FROM (SELECT 1 FROM "EmailAccount" e
      WHERE ${CONDITIONS[view]} AND ${scope} LIMIT ${COUNT_CAP + 1}) AS counted`,
  );
  const rows = await db().$queryRaw<{ view: AccountView; count: number }[]>`
    ${Prisma.join(counts, " UNION ALL ")}`;
  return rows.map(({ view, count }) => ({
    view,
    count: Math.min(count, COUNT_CAP),
    isCapped: count > COUNT_CAP,
  }));
}
