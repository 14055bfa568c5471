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
import { only } from "@/lib/kernel/words";
import { type MailService, mailService, SERVICES } from "@/lib/mail/services/schema";
import type { Grant } from "@/lib/oauth/schema";
import { searchCloudProviders } from "@/lib/registrations/queries";
import { grantSchema } from "@/lib/registrations/rows/schema";
import { Prisma } from "@/prisma/generated/client";
import type { MigrationProgress, MovedAccount, PasswordAccountRow } from "./schema";

const COLUMNS: Columns<PasswordAccountRow> = Prisma.sql`e.id, e.name, e.key, e."emailAddress", e.service, e.active,
  e.username`;

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

export async function findMovable(actor: Actor, emailAccountId: string) {
  requirePermission(actor, "accounts:read");
  const account = await db().emailAccount.findUnique({
    where: { id: emailAccountId },
    select: only("name service version username modernAuthentication"),
  });
  if (!account) throw accountNotFound();
  const { name, version, username: formerUsername, modernAuthentication } = account;
  if (modernAuthentication)
    throw new AppError("conflict", `${name} already signs in without a password.`);
  const service = account.service as MailService; // written from the form's list only
  return { name, version, formerUsername, service };
}

export async function searchMoveTargets(
  actor: Actor,
  { service, search }: { service: MailService; search: string },
): Promise<Choices> {
  requirePermission(actor, "accounts:read");
  const { platform } = mailService(service);
  return platform
    ? searchCloudProviders(actor, { search, service: platform })
    : { found: [], hasMore: false };
}

/** @returns null: gone, or another service's */
export async function findMoveGrant(
  actor: Actor,
  { service, cloudProviderId: id }: { service: MailService; cloudProviderId: string },
): Promise<Grant | null> {
  requirePermission(actor, "accounts:read");
  const select = { grant: true, service: true };
  const found = await db().cloudProvider.findUnique({ where: { id }, select });
  return found && takesTokensOf(service, found.service) ? grantSchema.parse(found.grant) : null;
}

/** With the sign-in of each. @param addresses as foreign text has them */
export async function findAccountsAt(actor: Actor, addresses: readonly string[]) {
  requirePermission(actor, "accounts:read");
  // PostgreSQL has no text with NUL: no account has such an address.
  const keys = addresses.map(emailKey).filter((key) => !key.includes("\0"));
  return db().emailAccount.findMany({
    where: { emailKey: { in: keys } },
    select: only("id name emailKey modernAuthentication service"),
    orderBy: { nameKey: "asc" },
  });
}

export async function isUnconnected(actor: Actor, cloudProviderId: string): Promise<boolean> {
  requirePermission(actor, "accounts:write");
  return (await db().authorization.count({ where: { cloudProviderId } })) === 0;
}

/** The last one first. */
export async function listMoved(
  actor: Actor,
  position: Position = {},
): Promise<Page<MovedAccount>> {
  requirePermission(actor, "accounts:read");
  const where = { movedAt: { not: null }, passwordSealed: { not: null } };
  const { rows, ...page } = await findSection({
    position,
    size: 50,
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
