import { z } from "zod";
import { ownHostsSchema } from "@/lib/egress/schema";
import {
  type Actor,
  reaches,
  requirePermission,
  requirePermissionOnAccounts,
} from "@/lib/kernel/actor";
import { batched } from "@/lib/kernel/batch";
import { CHOICES_SHOWN, type Choices, exactFirst } from "@/lib/kernel/choices/schema";
import { db, prepared } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import {
  type Columns,
  defineList,
  findChoices,
  integer,
  text,
  time,
} from "@/lib/kernel/paging/store";
import { isCause } from "@/lib/remedies/catalogue";
import { hasServer, signedInName } from "@/lib/sign-ins/identities";
import { Prisma } from "@/prisma/generated/client";
import { ACCOUNT_SEARCH, accountFilter, accountsInView } from "./filters/queries";
import {
  ACCOUNT_VIEW_LABELS,
  ACCOUNT_VIEWS,
  type AccountFilters,
  type AccountView,
  accountFilterSchema,
} from "./filters/schema";
import type { EmailAccountDetail, EmailAccountRow } from "./rows/schema";
import { ACCOUNT_FIELDS } from "./schema";
import { accountScope, findFreeKey } from "./store";

const COLUMNS: Columns<EmailAccountRow> = Prisma.sql`e.id, e.name, e.key, e."emailAddress", e.service, e.active, e."modernAuthentication", e.username, e."cloudProviderId",
    p.name AS "cloudProviderName", p."grant" AS "providerGrant", c.kind AS "credentialKind", c."expiresAt" AS "credentialExpiresAt",
    coalesce(p."grant" = 'app_only', FALSE) AS "isAppOnly", e.mailbox, e."smtpUser", e."testFailureId", token_state(e.state, t."accessTokenExpiresAt") AS state,
    token_state(t.state, t."accessTokenExpiresAt") AS "tokenState", t."failureId", e."lastTestedAt",
    e."imapVerdict", e."smtpVerdict", e."pop3Verdict", e."sendsBy", e."readsBy", e."testSchedule", e."createdAt"`;
const TABLES = Prisma.sql`FROM "EmailAccount" e
  LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
  LEFT JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
  LEFT JOIN "Authorization" a
    ON a."cloudProviderId" = e."cloudProviderId" AND a.username = ${Prisma.raw(signedInName("e", "p"))}
  LEFT JOIN "TokenSet" t ON t."authorizationId" = a.id`;

const ROW = Prisma.sql`SELECT ${COLUMNS} ${TABLES}`;

const ALL_VIEWS = Object.fromEntries(
  ACCOUNT_VIEWS.map((view) => [view, [ACCOUNT_VIEW_LABELS[view], accountsInView(view)]]),
) as Record<AccountView, [string, (filters: AccountFilters) => Prisma.Sql]>; // of all views

const { view: _, ...FILTERS } = accountFilterSchema.shape;
const cause = z.string().refine(isCause, {
  error: "This ID is not in the error catalogue. See GET /api/errors.",
});

export const listEmailAccounts = defineList({
  permission: "accounts:read",
  scope: accountScope,
  columns: COLUMNS,
  tables: TABLES,
  from: Prisma.sql`FROM "EmailAccount" e`,
  id: Prisma.sql`e.id`,
  searched: ACCOUNT_SEARCH,
  sorts: {
    name: text(Prisma.sql`e."nameKey"`),
    key: text(Prisma.sql`e."keyKey"`),
    address: text(Prisma.sql`e."emailKey"`),
    state: integer(Prisma.sql`account_state_rank(e.state)`),
    provider: text(Prisma.sql`e."providerKey"`),
    lastTest: time(Prisma.sql`coalesce(e."lastTestedAt", 'epoch'::timestamptz)`),
    created: time(Prisma.sql`e."createdAt"`),
  },
  views: ALL_VIEWS,
  filters: { ...FILTERS, failedWith: FILTERS.failedWith.pipe(cause.optional()) },
  where: accountFilter,
});

/** Null: deleted. */
export async function findEmailAccount(
  actor: Actor,
  id: string,
): Promise<EmailAccountDetail | null> {
  requirePermissionOnAccounts(actor, "accounts:read");
  // The database has IDs in lower case.
  const found = await findDetail(id.toLowerCase());
  if (!found || !reaches(actor, found)) return null;
  return { ...found, hosts: ownHostsSchema.nullable().parse(found.hosts) };
}

/** One prepared statement for concurrent requests. */
const findDetail = batched(async (ids) => {
  const rows = await prepared<EmailAccountDetail>(Prisma.sql`SELECT ${COLUMNS}, t."failureText",
      t."failedAt", e."contactListId", e.hosts, e.description, e.version, e."nextTestAt",
      e."captureReplyTo", e."captureAutomatic", e."passwordSealed" IS NOT NULL AS "hasPassword"
    ${TABLES} WHERE e.id = ANY(${ids}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row]));
});

const EDITED = Object.fromEntries([...ACCOUNT_FIELDS, "version"].map((field) => [field, true]));
// of all fields of the form
export const editedView = EDITED as Record<(typeof ACCOUNT_FIELDS)[number] | "version", true>;

/** Null: deleted. */
export async function findEditedAccount(actor: Actor, id: string) {
  requirePermission(actor, "accounts:write");
  return db().emailAccount.findUnique({ where: { id }, select: editedView });
}

/** In no order. */
export async function readEmailAccounts(
  actor: Actor,
  ids: readonly string[],
): Promise<EmailAccountRow[]> {
  requirePermissionOnAccounts(actor, "accounts:read");
  if (ids.length === 0) return [];
  return prepared<EmailAccountRow>(
    Prisma.sql`${ROW} WHERE e.id = ANY(${ids}::uuid[]) AND ${accountScope(actor)}`,
  );
}

export async function searchEmailAccounts(
  actor: Actor,
  search: string,
  among: "active" | "all" = "active",
): Promise<Choices> {
  requirePermission(actor, "accounts:read");
  return findChoices({
    select: Prisma.sql`SELECT e.id, e.name, e.key, e."emailAddress" AS detail FROM "EmailAccount" e`,
    ...(among === "active" && { filter: Prisma.sql`e.active` }),
    searched: ACCOUNT_SEARCH,
    search,
    orderBy: Prisma.sql`e."nameKey", e.id`,
  });
}

/** Each part in an index's order. */
const IN_ORDER = [
  Prisma.sql`e.state = 'connected'`,
  Prisma.sql`e.state = 'password'`,
  Prisma.sql`e.active AND e.state NOT IN ('connected', 'password')`,
];

const SENDS = Prisma.raw(hasServer("e", "smtp"));

export async function searchSenders(actor: Actor, search: string): Promise<Choices> {
  requirePermission(actor, "accounts:read");
  const parts = await Promise.all(
    IN_ORDER.map((filter) =>
      findChoices({
        select: Prisma.sql`SELECT e.id, e.name, e.key, e."emailAddress" AS detail, e.state FROM "EmailAccount" e`,
        filter: Prisma.sql`${filter} AND ${SENDS}`,
        searched: ACCOUNT_SEARCH,
        search,
        orderBy: Prisma.sql`e."nameKey", e.id`,
      }),
    ),
  );
  const all = parts.flatMap(({ found }) => found);
  const found = exactFirst(all, search).slice(0, CHOICES_SHOWN);
  return { found, hasMore: found.length < all.length || parts.some(({ hasMore }) => hasMore) };
}

/** Empty: none to propose. */
export async function proposeKey(actor: Actor, { name }: { name: string }): Promise<string> {
  requirePermission(actor, "accounts:write");
  return findFreeKey(db(), name);
}

export type SetUpProgress = {
  hasProvider: boolean;
  hasAuthorization: boolean;
  hasAccount: boolean;
  hasPassedTest: boolean;
};

export async function getSetUpProgress(actor: Actor): Promise<SetUpProgress> {
  requirePermission(actor, "accounts:read");
  const [row] = await prepared<SetUpProgress>(Prisma.sql`SELECT
    EXISTS (SELECT 1 FROM "CloudProvider") AS "hasProvider",
    EXISTS (SELECT 1 FROM "Authorization") AS "hasAuthorization",
    EXISTS (SELECT 1 FROM "EmailAccount") AS "hasAccount",
    EXISTS (SELECT 1 FROM "ConnectionTest" WHERE verdict = 'ok') AS "hasPassedTest"`);
  return (
    row ?? { hasProvider: false, hasAuthorization: false, hasAccount: false, hasPassedTest: false }
  );
}

export function accountNotFound(): AppError {
  return new AppError("not_found", "This email account no longer exists.");
}
