import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { Choices } from "@/lib/kernel/choices/schema";
import { db } from "@/lib/kernel/db";
import { endsSoon } from "@/lib/kernel/ends";
import { AppError } from "@/lib/kernel/errors";
import {
  type Columns,
  defineList,
  findChoices,
  integer,
  text,
  time,
} from "@/lib/kernel/paging/store";
import type { Position } from "@/lib/kernel/sections/schema";
import { only } from "@/lib/kernel/words";
import { thumbprintOf } from "@/lib/oauth/certificates/generate";
import { configuredClouds, findCloud, hostsOf, withHosts } from "@/lib/oauth/configured-clouds";
import { serviceOf } from "@/lib/oauth/services";
import { NAMED_IN_SCRIPT } from "@/lib/remedies/fill-command";
import { shownState } from "@/lib/remedies/shown-state";
import { Prisma } from "@/prisma/generated/client";
import { credentialRow, credentialView, readCredentials } from "./credentials/queries";
import { providerFilter } from "./filters/queries";
import { authoritySql, PAUSE_HOLDS } from "./pauses/store";
import { accountTypesSchema } from "./registration/schema";
import type { CloudProviderRow } from "./rows/schema";
import {
  type CloudChoice,
  cloudProviderFilterSchema,
  type ProviderUse,
  type ServiceId,
  type ShownProviderState,
} from "./schema";

/** A provider is as bad as its worst authorization. */
const columns =
  (): Columns<CloudProviderRow> => Prisma.sql`p.id, p.name, p.service, p.cloud, p."grant", p."failureId",
    p."redirectFailureId", p."createdAt",
    c.kind AS "credentialKind", c."expiresAt" AS "secretExpiresAt", c.hint AS "secretHint",
    a.count AS "authorizationCount", a.usernames, a.refusals, e.count AS "accountCount",
    (SELECT max(z.until) FROM "PlatformPause" z WHERE ${Prisma.raw(PAUSE_HOLDS)}
      AND z."clientId" = p."clientId" AND z.authority = ${authoritySql()}) AS "pausedUntil",
    CASE
      WHEN a.locked > 0 THEN 'locked'
      WHEN p."failureId" IS NOT NULL OR p."redirectFailureId" IS NOT NULL OR a.registration > 0
        THEN 'fix_registration'
      WHEN a.again > 0 THEN 'sign_in_again'
      WHEN a.retrying > 0 THEN 'retrying'
      WHEN a.count > 0 THEN 'connected'
      ELSE 'not_signed_in'
    END AS state`;
const DETAILS = Prisma.sql`LEFT JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
  LEFT JOIN LATERAL (
    SELECT count(*)::int AS count,
      count(*) FILTER (WHERE t.state = 'locked')::int AS locked,
      count(*) FILTER (WHERE t.state = 'fix_registration')::int AS registration,
      count(*) FILTER (WHERE t.state = 'sign_in_again')::int AS again,
      count(*) FILTER (WHERE token_state(t.state, t."accessTokenExpiresAt") = 'retrying')::int AS retrying,
      coalesce(array_agg(DISTINCT t."failureId") FILTER (
        WHERE t.state IN ('sign_in_again', 'fix_registration')), '{}') AS refusals,
      coalesce((array_agg(s.username ORDER BY s."signedInAt" DESC))[1:3], '{}') AS usernames
    FROM "Authorization" s JOIN "TokenSet" t ON t."authorizationId" = s.id
    WHERE s."cloudProviderId" = p.id
  ) a ON TRUE
  LEFT JOIN LATERAL (
    SELECT count(*)::int AS count FROM "EmailAccount" m WHERE m."cloudProviderId" = p.id
  ) e ON TRUE`;
const WITH_SUMMARY = Prisma.sql`FROM "CloudProvider" p JOIN "CloudProviderSummary" f ON f."cloudProviderId" = p.id`;

/** Ordered and narrowed by their summaries, whose orders have indexes. */
export const listCloudProviders = defineList({
  permission: "providers:read",
  columns,
  tables: Prisma.sql`${WITH_SUMMARY} ${DETAILS}`,
  from: WITH_SUMMARY,
  id: Prisma.sql`f."cloudProviderId"`,
  searched: Prisma.sql`f.searched`,
  sorts: {
    name: text(Prisma.sql`f."nameKey"`),
    state: integer(Prisma.sql`provider_state_rank(f.state)`),
    accounts: integer(Prisma.sql`f.accounts`),
    secretExpires: time(Prisma.sql`f."secretExpiresAt"`),
  },
  views: {
    attention: [
      "Needs attention",
      Prisma.sql`f.state IN ('locked', 'fix_registration', 'sign_in_again')`,
    ],
    not_signed_in: ["Not signed in", Prisma.sql`f.state = 'not_signed_in'`],
    expiring: ["Secret expiring", Prisma.raw(endsSoon(`f."secretExpiresAt"`))],
    expired: ["Secret expired", Prisma.sql`f."secretExpiresAt" <= now()`],
    unused: ["Unused", Prisma.sql`f.accounts = 0`],
  },
  filters: cloudProviderFilterSchema.shape,
  where: providerFilter,
});

const detailView = {
  ...only(
    "type accountTypes clientId tenantId redirectUri hosts version autoRotate",
    "rotationFailureId rotationFailedAt",
  ),
  secretRotation: { select: { madeAt: true } },
  pendingCertificate: {
    select: { certificate: true, expiresAt: true, createdAt: true, createdByName: true },
  },
  credentials: { where: { supersededAt: null }, select: credentialView },
} as const satisfies Prisma.CloudProviderSelect;

/** @param position in the history of its credentials */
export async function findCloudProvider(actor: Actor, id: string, position: Position = {}) {
  requirePermission(actor, "providers:read");
  const [[found], detail, { rows: credentials, ...credentialPage }] = await Promise.all([
    db().$queryRaw<
      CloudProviderRow[]
    >`SELECT ${columns()} FROM "CloudProvider" p ${DETAILS} WHERE p.id = ${id}::uuid`,
    db().cloudProvider.findUnique({ where: { id }, select: detailView }),
    readCredentials(id, position),
  ]);
  if (!found || !detail) return null;
  const { secretRotation, pendingCertificate, credentials: current, ...rest } = detail;
  return {
    ...found,
    ...rest,
    hosts: usedHosts({ ...detail, cloud: found.cloud }),
    hasOwnHosts: detail.hosts !== null,
    newSecretMadeAt: secretRotation?.madeAt ?? null,
    canConsent: serviceOf(found).adminConsentUrl !== null,
    canRenewSecrets: serviceOf(found).secretRotation !== null,
    unknownCertificateId: serviceOf(found).refusals.unknownCertificate,
    pendingCertificate: pendingCertificate && withThumbprint(pendingCertificate),
    credentialInUse: current.map(credentialRow)[0] ?? null,
    credentials: credentials.map(credentialRow),
    credentialPage,
    accountTypes: accountTypesSchema.parse(detail.accountTypes),
  };
}

export type CloudProviderDetail = NonNullable<Awaited<ReturnType<typeof findCloudProvider>>>;

function withThumbprint<T extends { certificate: string }>({ certificate, ...rest }: T) {
  return { ...rest, thumbprint: thumbprintOf(certificate) };
}

export const editedView = only(
  "name service type cloud accountTypes grant clientId tenantId hosts version",
) satisfies Prisma.CloudProviderSelect;

/** For those who may change it. Hosts are complete, although the row keeps only differences. */
export async function findEditedProvider(actor: Actor, id: string) {
  requirePermission(actor, "providers:write");
  const found = await db().cloudProvider.findUnique({ where: { id }, select: editedView });
  return found && { ...found, hosts: found.hosts === null ? null : usedHosts(found) };
}

/** All hosts of a provider: those of its cloud, or its own. Null where its cloud is not configured any more. */
function usedHosts({ cloud: id, hosts }: { cloud: string; hosts: unknown }) {
  const cloud = findCloud(id);
  return cloud ? hostsOf(withHosts(cloud, hosts)) : null;
}

/** @param service if the account names one */
export async function searchCloudProviders(
  actor: Actor,
  { search, service }: { search: string; service?: ServiceId },
): Promise<Choices> {
  requirePermission(actor, "providers:read");
  return findChoices({
    select: Prisma.sql`SELECT p.id, p.name FROM "CloudProvider" p`,
    ...(service && { filter: Prisma.sql`p.service = ${service}` }),
    searched: Prisma.sql`p."nameKey"`,
    search,
  });
}

export function listClouds(actor: Actor): CloudChoice[] {
  requirePermission(actor, "providers:read");
  return configuredClouds().map((cloud) => {
    const { id, service, label, portal, graph } = cloud;
    return { id, service, label, portal, hasGraph: graph !== undefined, hosts: hostsOf(cloud) };
  });
}

export function providerNotFound(): AppError {
  return new AppError("not_found", "This cloud provider no longer exists.");
}

export async function getProviderUse(actor: Actor, id: string): Promise<ProviderUse> {
  requirePermission(actor, "providers:read");
  const where = { cloudProviderId: id };
  const [accounts, accountCount] = await Promise.all([
    db().emailAccount.findMany({
      where,
      orderBy: { nameKey: "asc" },
      // Ends: Names; the count stands beside them.
      take: 20,
      select: { id: true, name: true },
    }),
    db().emailAccount.count({ where }),
  ]);
  return { accounts, accountCount };
}

type Opened = { mailbox: string; isByGraph: boolean; roles: string[]; count: number };

/** The mailboxes that the accounts of an application open, once each: the first by name, and what all need. */
export async function listProviderMailboxes(actor: Actor, id: string) {
  requirePermission(actor, "providers:read");
  // Ends: Says how many more there are.
  const rows = await db().$queryRaw<Opened[]>`
    SELECT coalesce(e.mailbox, e."emailAddress") AS mailbox, count(*) OVER ()::int AS count,
      bool_and(e."sendsBy" = 'graph' AND e."readsBy" = 'graph') AS "isByGraph",
      array_remove(ARRAY[CASE WHEN bool_or(bool_or(e."sendsBy" = 'smtp')) OVER () THEN 'SMTP.SendAsApp' END,
        CASE WHEN bool_or(bool_or(e."sendsBy" = 'graph')) OVER () THEN 'Mail.Send' END,
        CASE WHEN bool_or(bool_or(e."readsBy" = 'graph')) OVER () THEN 'Mail.ReadBasic' END], NULL) AS roles
    FROM "EmailAccount" e LEFT JOIN "ClosedMailbox" c ON c."cloudProviderId" = e."cloudProviderId"
    WHERE e."cloudProviderId" = ${id}::uuid
      AND lower(c."emailAddress") IS DISTINCT FROM lower(coalesce(e.mailbox, e."emailAddress"))
    GROUP BY 1 ORDER BY 1 LIMIT ${NAMED_IN_SCRIPT}`;
  const { count = 0, roles = [] } = rows[0] ?? {};
  return {
    mailboxes: rows.map(({ mailbox, isByGraph }) => ({ mailbox, isByGraph })),
    count,
    roles,
  };
}

type Standing = Pick<CloudProviderRow, "state" | "refusals" | "failureId">;

/** How a provider stands, for people: with the reasons of its sign-ins and its own. */
export function shownProviderState({ state, refusals, failureId }: Standing): ShownProviderState {
  // That new sign-ins don't come back says nothing of those that there are.
  return shownState(state, [...refusals, failureId]);
}

export function withShownState<T extends Standing>(provider: T) {
  return { ...provider, shownState: shownProviderState(provider) };
}
