import "server-only";
import { ACCOUNT_SEARCH } from "@/lib/email-accounts/filters/queries";
import { takesTokensOf } from "@/lib/email-accounts/hosts";
import { ACCOUNT_SORTS, accountNotFound } from "@/lib/email-accounts/queries";
import { MODERN_SERVICES } from "@/lib/email-accounts/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { Choices } from "@/lib/kernel/choices/schema";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { ListParams, Page, ViewCount } from "@/lib/kernel/paging/schema";
import { allOf, findPage } from "@/lib/kernel/paging/store";
import { findViewCounts } from "@/lib/kernel/paging/views/store";
import { emailKey } from "@/lib/kernel/text/normalize";
import { findTurn } from "@/lib/kernel/turns/find-turn";
import type { Turn } from "@/lib/kernel/turns/schema";
import { type MailService, mailHouse } from "@/lib/mail/houses/schema";
import { grantSchema } from "@/lib/oauth/schema";
import { searchCloudProviders } from "@/lib/registrations/queries";
import { Prisma } from "@/prisma/generated/client";
import {
  type FindMoveTarget,
  MIGRATION_VIEWS,
  type MigrationFilters,
  type MigrationProgress,
  type MigrationSort,
  type MigrationView,
  type MovableAccount,
  type MovedAccount,
  type MoveTarget,
  type PasswordAccountRow,
} from "./schema";

const COLUMNS = Prisma.sql`e.id, e.name, e."nameKey", e."keyKey", e.key, e."emailAddress", e."emailKey", e.service,
  e.active, e.username, e."imapVerdict", e."smtpVerdict", e."pop3Verdict", e."lastTestedAt", e."createdAt"`;
const FROM = Prisma.sql`FROM "EmailAccount" e`;
const WITH_PASSWORD = Prisma.sql`NOT e."modernAuthentication"`;

type FoundRow = PasswordAccountRow & {
  nameKey: string;
  keyKey: string;
  emailKey: string;
  createdAt: Date;
};

const SORTS = {
  ...ACCOUNT_SORTS,
  service: { column: Prisma.sql`e.service`, type: "text", value: (row: FoundRow) => row.service },
} as const;

const CONDITIONS: Readonly<Record<MigrationView, Prisma.Sql>> = {
  movable: Prisma.sql`e.service IN (${Prisma.join(MODERN_SERVICES)})`,
  elsewhere: Prisma.sql`e.service NOT IN (${Prisma.join(MODERN_SERVICES)})`,
  test_failed: Prisma.sql`e.state = 'test_failed'`,
  inactive: Prisma.sql`e.state = 'inactive'`,
};

/** How many accounts with a password each view has, of those that a search and a service find. */
export async function countMigrationViews(
  actor: Actor,
  search = "",
  { service }: MigrationFilters = {},
): Promise<ViewCount<MigrationView>[]> {
  requirePermission(actor, "accounts:read");
  return findViewCounts({
    views: MIGRATION_VIEWS,
    from: FROM,
    conditions: CONDITIONS,
    scope: WITH_PASSWORD,
    filter: allOf([ofService(service)]),
    search,
    searched: ACCOUNT_SEARCH,
  });
}

/** Accounts that still sign in with a password. */
export async function listPasswordAccounts(
  actor: Actor,
  params: ListParams<MigrationSort> & MigrationFilters,
): Promise<Page<PasswordAccountRow>> {
  requirePermission(actor, "accounts:read");
  return findPage<MigrationSort, FoundRow>({
    params,
    sorts: SORTS,
    id: Prisma.sql`e.id`,
    select: Prisma.sql`SELECT ${COLUMNS} ${FROM}`,
    from: FROM,
    searched: ACCOUNT_SEARCH,
    filter: allOf([
      WITH_PASSWORD,
      params.view && CONDITIONS[params.view],
      ofService(params.service),
    ]),
  });
}

const ofService = (service: MigrationFilters["service"]) =>
  service && Prisma.sql`e.service = ${service}`;

export async function getMigrationProgress(actor: Actor): Promise<MigrationProgress> {
  requirePermission(actor, "accounts:read");
  const [row] = await db().$queryRaw<MigrationProgress[]>`SELECT
      count(*) FILTER (WHERE "modernAuthentication")::int AS modern,
      count(*) FILTER (WHERE NOT "modernAuthentication")::int AS password
    FROM "EmailAccount"`;
  return row ?? { modern: 0, password: 0 };
}

/** The account with what has to be as it is now when it is moved. */
export async function findMovable(
  actor: Actor,
  emailAccountId: string,
): Promise<MovableAccount & { version: number; formerUsername: string }> {
  requirePermission(actor, "accounts:read");
  const account = await db().emailAccount.findUnique({
    where: { id: emailAccountId },
    select: {
      id: true,
      name: true,
      emailAddress: true,
      service: true,
      version: true,
      username: true,
      modernAuthentication: true,
    },
  });
  if (!account) throw accountNotFound();
  const { username, modernAuthentication, ...rest } = account;
  const service = account.service as MailService; // written from the form's list only
  if (modernAuthentication)
    throw new AppError("conflict", `${account.name} already signs in without a password.`);
  return {
    ...rest,
    formerUsername: username,
    service,
  };
}

/** The providers that an account can be moved to: those of its own service. */
export async function searchMoveTargets(
  actor: Actor,
  { emailAccountId, search }: { emailAccountId: string; search: string },
): Promise<Choices> {
  requirePermission(actor, "accounts:read");
  const { service } = await findMovable(actor, emailAccountId);
  const { platform } = mailHouse(service);
  return platform
    ? searchCloudProviders(actor, { search, service: platform })
    : { found: [], hasMore: false };
}

/**
 * One of them, with whether a user name is signed in there.
 * @returns null where it is gone, or is another service's
 */
export async function findMoveTarget(
  actor: Actor,
  { emailAccountId, cloudProviderId, username }: FindMoveTarget,
): Promise<MoveTarget | null> {
  requirePermission(actor, "accounts:read");
  const { service } = await findMovable(actor, emailAccountId);
  const found = await db().cloudProvider.findUnique({
    where: { id: cloudProviderId },
    select: {
      id: true,
      name: true,
      grant: true,
      service: true,
      authorizations: {
        where: { username: emailKey(username) },
        // Ends: Whether there is one.
        take: 1,
        select: { id: true },
      },
    },
  });
  if (!found || !takesTokensOf(service, found.service)) return null;
  const { id, name, grant, authorizations } = found;
  return { id, name, grant: grantSchema.parse(grant), isSignedIn: authorizations.length > 0 };
}

/** Whether no one signs in at a provider yet, no application either. */
export async function isUnconnected(actor: Actor, cloudProviderId: string): Promise<boolean> {
  requirePermission(actor, "accounts:write");
  return (await db().authorization.count({ where: { cloudProviderId } })) === 0;
}

const MOVED_SHOWN = 50;

/** Accounts that were moved and can be moved back, the last one first. */
export async function listMoved(actor: Actor, turn: Turn = {}): Promise<Page<MovedAccount>> {
  requirePermission(actor, "accounts:read");
  const where = { movedAt: { not: null }, passwordSealed: { not: null } };
  const { rows, ...page } = await findTurn({
    turn,
    size: MOVED_SHOWN,
    find: (window) =>
      db().emailAccount.findMany({
        where,
        orderBy: [{ movedAt: "desc" }, { id: "desc" }],
        select: { id: true, name: true, movedAt: true, cloudProvider: { select: { name: true } } },
        ...window,
      }),
    count: (bounded) => db().emailAccount.count({ where, ...bounded }),
  });
  const moved = rows.flatMap(({ cloudProvider, movedAt, ...row }) =>
    movedAt ? [{ ...row, movedAt, provider: cloudProvider?.name ?? null }] : [],
  );
  return { rows: moved, ...page };
}

const BATCH = 500;

/** All of them by name, a batch at a time, for a file. */
export async function* readPasswordAccounts(actor: Actor): AsyncGenerator<PasswordAccountRow[]> {
  requirePermission(actor, "accounts:read");
  let last: { nameKey: string; id: string } | null = null;
  for (;;) {
    const border: Prisma.Sql = last
      ? Prisma.sql`(e."nameKey", e.id) > (${last.nameKey}, ${last.id}::uuid)`
      : Prisma.sql`TRUE`;
    // Ends: One batch after the other, to the end.
    const rows: FoundRow[] = await db().$queryRaw<FoundRow[]>`SELECT ${COLUMNS} ${FROM}
      WHERE ${WITH_PASSWORD} AND ${border} ORDER BY e."nameKey", e.id LIMIT ${BATCH}`;
    if (rows.length > 0) yield rows;
    const end = rows.at(-1);
    if (!end || rows.length < BATCH) return;
    last = { nameKey: end.nameKey, id: end.id };
  }
}
