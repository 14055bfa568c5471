import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { Choices } from "@/lib/kernel/choices/schema";
import { findChoices } from "@/lib/kernel/choices/store";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { ListParams, Page } from "@/lib/kernel/paging/schema";
import { findPage } from "@/lib/kernel/paging/store";
import type { Turn } from "@/lib/kernel/turns/schema";
import { thumbprintOf } from "@/lib/oauth/certificates/thumbprint";
import { hostsOf, withHosts } from "@/lib/oauth/cloud-hosts";
import { configuredClouds, findCloud } from "@/lib/oauth/configured-clouds";
import { serviceOf } from "@/lib/oauth/services";
import { Prisma } from "@/prisma/generated/client";
import { credentialRow, credentialView, readCredentials } from "./credentials/queries";
import { PROVIDER_SEARCH, providerFilter } from "./filters/queries";
import type { CloudProviderFilters } from "./filters/schema";
import { authoritySql, PAUSE_HOLDS } from "./pauses/store";
import { accountTypesSchema } from "./registration/schema";
import type {
  CloudChoice,
  CloudProviderDetail,
  CloudProviderRow,
  CloudProviderSort,
  ServiceId,
} from "./schema";

/**
 * The worst state of a provider's authorizations is its own: one mailbox that must sign in again is
 * what an administrator has to see first.
 */
const row = ({
  columns = Prisma.empty,
  join = Prisma.empty,
} = {}) => Prisma.sql`SELECT p.id, p.name, p.service, p.cloud, p."grant", p."failureId",
    p."redirectFailureId", p."createdAt", p."nameKey",
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
    END AS state ${columns}
  FROM "CloudProvider" p ${join}
  LEFT JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
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

type FoundRow = CloudProviderRow & {
  nameKey: string;
  stateRank: number;
  accounts: number;
  signIns: number;
  expiresAt: Date;
};

const byName = (column: Prisma.Sql) =>
  ({ column, type: "text", value: (row: FoundRow) => row.nameKey }) as const;

/** What providers `p` are sorted by, with their summaries `f`: each has an index. */
const SORTS = {
  name: byName(Prisma.sql`f."nameKey"`),
  state: {
    column: Prisma.sql`provider_state_rank(f.state)`,
    type: "integer",
    value: (row: FoundRow) => String(row.stateRank),
  },
  signedIn: {
    column: Prisma.sql`f."signIns"`,
    type: "integer",
    value: (row: FoundRow) => String(row.signIns),
  },
  accounts: {
    column: Prisma.sql`f.accounts`,
    type: "integer",
    value: (row: FoundRow) => String(row.accounts),
  },
  secretExpires: {
    column: Prisma.sql`f."secretExpiresAt"`,
    type: "timestamptz",
    value: (row: FoundRow) => row.expiresAt.toISOString(),
  },
  created: {
    column: Prisma.sql`p."createdAt"`,
    type: "timestamptz",
    value: (row: FoundRow) => row.createdAt.toISOString(),
  },
} as const;

const WITH_SUMMARY = Prisma.sql`JOIN "CloudProviderSummary" f ON f."cloudProviderId" = p.id`;

export async function listCloudProviders(
  actor: Actor,
  params: ListParams<CloudProviderSort> & CloudProviderFilters,
): Promise<Page<CloudProviderRow>> {
  requirePermission(actor, "providers:read");
  const columns = Prisma.sql`, provider_state_rank(f.state) AS "stateRank", f.accounts, f."signIns",
    f."secretExpiresAt" AS "expiresAt"`;
  // Those of a service or a cloud are found by the registrations themselves, which have that and their names.
  const isOfPlatform = Boolean(params.service ?? params.cloud);
  const isOfOwnName = params.sort === "name" && isOfPlatform;
  const isOfSummary = params.sort !== "created" && !isOfOwnName;
  return findPage<CloudProviderSort, FoundRow>({
    params,
    sorts: isOfOwnName ? { ...SORTS, name: byName(Prisma.sql`p."nameKey"`) } : SORTS,
    // The one in the index that the order is read from.
    id: isOfSummary ? Prisma.sql`f."cloudProviderId"` : Prisma.sql`p.id`,
    select: row({ columns, join: WITH_SUMMARY }),
    from: isOfPlatform
      ? Prisma.sql`FROM "CloudProvider" p ${WITH_SUMMARY}`
      : Prisma.sql`FROM "CloudProviderSummary" f`,
    searched: PROVIDER_SEARCH,
    filter: providerFilter(params),
  });
}

const detailView = {
  type: true,
  accountTypes: true,
  clientId: true,
  tenantId: true,
  redirectUri: true,
  hosts: true,
  version: true,
  autoRotate: true,
  rotationFailureId: true,
  rotationFailedAt: true,
  secretRotation: { select: { madeAt: true } },
  pendingCertificate: {
    select: { certificate: true, expiresAt: true, createdAt: true, createdByName: true },
  },
  credentials: { where: { supersededAt: null }, select: credentialView },
} as const satisfies Prisma.CloudProviderSelect;

/**
 * Null when it was deleted.
 * @param turn of the history of its credentials, the newest first
 */
export async function findCloudProvider(
  actor: Actor,
  id: string,
  turn: Turn = {},
): Promise<CloudProviderDetail | null> {
  requirePermission(actor, "providers:read");
  const [[found], detail, { rows: credentials, ...credentialPage }] = await Promise.all([
    db().$queryRaw<CloudProviderRow[]>`${row()} WHERE p.id = ${id}::uuid`,
    db().cloudProvider.findUnique({ where: { id }, select: detailView }),
    readCredentials(id, turn),
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

function withThumbprint<T extends { certificate: string }>({ certificate, ...rest }: T) {
  return { ...rest, thumbprint: thumbprintOf(certificate) };
}

const editedView = {
  name: true,
  service: true,
  type: true,
  cloud: true,
  accountTypes: true,
  grant: true,
  clientId: true,
  tenantId: true,
  hosts: true,
  version: true,
} as const satisfies Prisma.CloudProviderSelect;

/**
 * What an edit of a registration begins with, for those who may change it; null when it was deleted. Hosts are
 * whole where it has its own, although its row keeps only those that differ from the cloud's.
 */
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

/**
 * What an email account can be bound to.
 * @param service only those of this one, where the account says which
 */
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
    orderBy: Prisma.sql`p."nameKey"`,
  });
}

/** The clouds of this installation; operators may have added some. */
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
