import "server-only";
import { z } from "zod";
import { ACCOUNT_SEARCH } from "@/lib/email-accounts/filters/queries";
import { takesTokensOf } from "@/lib/email-accounts/hosts";
import { accountNotFound } from "@/lib/email-accounts/queries";
import { MODERN_SERVICES } from "@/lib/email-accounts/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { Choices } from "@/lib/kernel/choices/schema";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Page } from "@/lib/kernel/paging/schema";
import { type Columns, defineList, text } from "@/lib/kernel/paging/store";
import { findSection } from "@/lib/kernel/sections/find-section";
import type { Position } from "@/lib/kernel/sections/schema";
import { emailKey } from "@/lib/kernel/text/normalize";
import { type MailService, mailService, SERVICES } from "@/lib/mail/services/schema";
import { grantSchema } from "@/lib/oauth/schema";
import { searchCloudProviders } from "@/lib/registrations/queries";
import { Prisma } from "@/prisma/generated/client";
import type {
  FindMoveTarget,
  MigrationProgress,
  MovableAccount,
  MovedAccount,
  MoveTarget,
  PasswordAccountRow,
} from "./schema";

const COLUMNS: Columns<PasswordAccountRow> = Prisma.sql`e.id, e.name, e.key, e."emailAddress", e.service, e.active,
  e.username, e."imapVerdict", e."smtpVerdict", e."pop3Verdict", e."lastTestedAt"`;

/** Accounts that still sign in with a password, and how far each is. */
export const listPasswordAccounts = defineList({
  permission: "accounts:read",
  columns: COLUMNS,
  tables: Prisma.sql`FROM "EmailAccount" e`,
  id: Prisma.sql`e.id`,
  among: Prisma.sql`NOT e."modernAuthentication"`,
  searched: ACCOUNT_SEARCH,
  sorts: {
    name: text(Prisma.sql`e."nameKey"`),
    address: text(Prisma.sql`e."emailKey"`),
    service: text(Prisma.sql`e.service`),
  },
  views: {
    movable: ["Can be moved", Prisma.sql`e.service IN (${Prisma.join(MODERN_SERVICES)})`],
    elsewhere: ["Not supported", Prisma.sql`e.service NOT IN (${Prisma.join(MODERN_SERVICES)})`],
    test_failed: ["Test failed", Prisma.sql`e.state = 'test_failed'`],
    inactive: ["Inactive", Prisma.sql`e.state = 'inactive'`],
  },
  filters: { service: z.enum(SERVICES, { error: "This service does not exist." }).optional() },
  where: ({ service }) => [service && Prisma.sql`e.service = ${service}`],
});

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
  const { platform } = mailService(service);
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
export async function listMoved(
  actor: Actor,
  position: Position = {},
): Promise<Page<MovedAccount>> {
  requirePermission(actor, "accounts:read");
  const where = { movedAt: { not: null }, passwordSealed: { not: null } };
  const { rows, ...page } = await findSection({
    position,
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
