import { randomUUID } from "node:crypto";
import type { AuthorizationColumns, ProviderColumns } from "@/lib/installation/keys/destinations";
import { startStopwatch } from "@/lib/kernel/clock";
import { isPassingDatabaseError } from "@/lib/kernel/database-errors";
import { db, pool } from "@/lib/kernel/db";
import { GIVEN_BACK, LEASES } from "@/lib/kernel/leases";
import { singleton } from "@/lib/kernel/singleton";
import { untilStored } from "@/lib/kernel/until-stored";
import type { Grant } from "@/lib/oauth/schema";
import { authorities, authorityOf, PAUSE_HOLDS, subjectOf } from "@/lib/registrations/pauses/store";

/** What decides where tokens may be sent, of an authorization and its provider. */
export type BoundColumns = Omit<ProviderColumns, "hosts" | "service"> &
  AuthorizationColumns & {
    providerService: string;
    /** What the provider says instead of its cloud. */
    providerHosts: unknown;
  };

/** SQL: the same, of the authorization `a` and the provider `p`. */
export const BOUND_COLUMNS = `p.id AS "cloudProviderId", p.service AS "providerService", p.cloud, p.hosts AS "providerHosts",
    p."clientId", p."tenantId", p."grant" AS "providerGrant", a."grant", a.username AS "authorizedName",
    a."objectId", a."tenantId" AS "identityTenantId"`;

export type Claim = BoundColumns & {
  authorizationId: string;
  grant: Grant;
  authority: string;
  /** `<authority>/<tenant id>`, for the limit of calls in flight and the breaker. */
  tenant: string;
  /** By the database's clock. */
  claimedAt: Date;
  /** In milliseconds, since it was asked for. */
  ageMs: () => number;
  /** This request finds out whether a wait that the platform asked for is over. */
  isAfterPause: boolean;
  fence: number;
  failures: number;
  state: string;
  cacheSealed: string;
};

type ClaimedRow = Omit<Claim, "ageMs">;

/** Of tokens `t`: no platform gives an access token for longer than a day. */
export const EXPIRY_LIES_AHEAD = `(postkey_is_ahead(t."refreshedAt") OR t."accessTokenExpiresAt" > now()
  AND NOT postkey_holds(t."accessTokenExpiresAt", interval '25 hours'))`;
export const DUE_LIES_AHEAD = `(postkey_is_ahead(t."refreshedAt") OR postkey_is_ahead(t."failedAt")
  OR t."refreshDueAt" > now() AND NOT postkey_holds(t."refreshDueAt", interval '25 hours'))`;

const CLAIM = `UPDATE "TokenSet" t
  SET "leaseOwner" = $1, "leaseUntil" = ${LEASES.renewal.until}, fence = t.fence + 1
  FROM "Authorization" a JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
  WHERE a.id = t."authorizationId" AND t."authorizationId" IN (`;

/** @param parameter stands for the authorities of the clouds */
const claimed = (
  parameter: string,
) => `) RETURNING t."authorizationId", ${BOUND_COLUMNS}, ${authorityOf(parameter)} AS authority,
    ${tenantOf(parameter)} AS tenant, t.fence, t.failures, t.state, t."cacheSealed", now() AS "claimedAt",
    EXISTS (SELECT 1 FROM "PlatformPause" z WHERE z.subject = ${subjectOf(parameter)}) AS "isAfterPause"`;

function tenantOf(parameter: string): string {
  return `${authorityOf(parameter)} || '/' || a."tenantId"`;
}

const IS_FREE = LEASES.renewal.isFree(`t."leaseUntil"`);

/** How many due rows are looked at for each that is wanted: one tenant must not hide the others. */
const CANDIDATES = 4;

/** A pause that has ended but was not tried yet, and that no process is trying. */
const IS_UNPROBED = `NOT ${PAUSE_HOLDS} AND ${LEASES.renewal.isFree(LEASES.renewal.endOf(`z."probedAt"`))}`;

/**
 * Stale statistics must not mislead the planner: after an outage it would read every due row for each claim. `LIMIT 1`
 * makes it look up one authorization and provider per due row, and a limit that it cannot know makes it take the rows
 * in the order of their index. After a pause one request of one process finds out whether the platform answers again.
 */
// Ends: The one row that a key names.
const due = (states: string, order: "ASC" | "DESC") => `WITH candidates AS MATERIALIZED (
    SELECT t."authorizationId", t."refreshDueAt", ${tenantOf("$8")} AS tenant,
      (SELECT z.subject FROM "PlatformPause" z WHERE z.subject = ${subjectOf("$8")}) AS paused
    FROM "TokenSet" t
    CROSS JOIN LATERAL (SELECT "cloudProviderId", "tenantId" FROM "Authorization"
      WHERE id = t."authorizationId" LIMIT 1) a
    CROSS JOIN LATERAL (SELECT * FROM "CloudProvider" WHERE id = a."cloudProviderId" LIMIT 1) p
    WHERE t."refreshDueAt" <= now() AND t.state IN (${states}) AND ${IS_FREE}
      AND p.cloud = ANY($3) AND NOT ${tenantOf("$8")} = ANY($4) AND NOT ${authorityOf("$8")} = ANY($9)
      AND ($10::text IS NULL OR ${tenantOf("$8")} = $10) AND ($11::text IS NULL OR ${authorityOf("$8")} = $11)
      AND NOT ${subjectOf("$8")}
        = ANY(ARRAY(SELECT z.subject FROM "PlatformPause" z WHERE NOT (${IS_UNPROBED})))
    ORDER BY t."refreshDueAt" ${order} LIMIT (SELECT $2::bigint * ${CANDIDATES}) FOR UPDATE OF t SKIP LOCKED
  ), over AS (
    SELECT z.subject FROM "PlatformPause" z
    WHERE z.subject IN (SELECT paused FROM candidates) AND ${IS_UNPROBED} FOR UPDATE SKIP LOCKED
  ), numbered AS (
    SELECT c.*, coalesce(b.count, 0)
      + row_number() OVER (PARTITION BY c.tenant ORDER BY c."refreshDueAt" ${order}) AS nth,
      row_number() OVER (PARTITION BY c.paused ORDER BY c."refreshDueAt" ${order}) AS probe
    FROM candidates c LEFT JOIN unnest($5::text[], $6::int[]) b(tenant, count) ON b.tenant = c.tenant
    WHERE c.paused IS NULL OR c.paused IN (SELECT subject FROM over)
  ), chosen AS (
    SELECT "authorizationId", paused FROM numbered WHERE nth <= $7 AND (paused IS NULL OR probe = 1)
    ORDER BY "refreshDueAt" ${order} LIMIT $2
  ), probing AS (
    UPDATE "PlatformPause" SET "probedAt" = now() WHERE subject IN (SELECT paused FROM chosen)
  ) ${CLAIM}SELECT "authorizationId" FROM chosen${claimed("$8")}`;

const LONGEST_DUE = due("'connected', 'retrying'", "ASC");
/** Where those who are due longest fail, these are the others, which may not. */
const NEWEST_UNFAILED = due("'connected'", "DESC");

export type ClaimLimits = {
  limit: number;
  perTenant: number;
  /** Calls that the claiming process has in flight, by tenant. */
  busy: ReadonlyMap<string, number>;
  clouds: readonly string[];
  without?: { tenants: readonly string[]; authorities?: readonly string[] };
  only?: { tenant?: string; authority?: string };
  /** Those that have not failed, and of them who became due last. */
  isOfUnfailed?: boolean;
};

/** Leases due rows by the database's clock, the longest due first unless said otherwise, within each tenant's limits. */
export async function claimDue(owner: string, limits: ClaimLimits): Promise<Claim[]> {
  const { limit, perTenant, busy, clouds, without, only, isOfUnfailed = false } = limits;
  return claimAs(owner, async (leaseOwner) => {
    const { rows } = await pool().query<ClaimedRow>({
      name: isOfUnfailed ? "claim-unfailed" : "claim-due",
      text: isOfUnfailed ? NEWEST_UNFAILED : LONGEST_DUE,
      values: [
        leaseOwner,
        limit,
        clouds,
        [...tenantsAtLimit(limits), ...(without?.tenants ?? [])],
        [...busy.keys()],
        [...busy.values()],
        perTenant,
        authorities(),
        without?.authorities ?? [],
        only?.tenant,
        only?.authority,
      ],
    });
    return rows;
  });
}

export function tenantsAtLimit({ busy, perTenant }: Pick<ClaimLimits, "busy" | "perTenant">) {
  return [...busy].filter(([, count]) => count >= perTenant).map(([tenant]) => tenant);
}

const CLAIM_ONE = `${CLAIM}SELECT t."authorizationId" FROM "TokenSet" t
  WHERE t."authorizationId" = $2 AND coalesce(t.fence = $3, TRUE) AND ${IS_FREE} FOR UPDATE SKIP LOCKED${claimed("$4")}`;

/**
 * Leases one row now, due or not; null when it is held or gone. @param fence as the row was read: it grows with each
 * claim and result, so a late process does not renew what was renewed
 */
export async function claimOne(
  owner: string,
  { authorizationId, fence }: { authorizationId: string; fence?: number },
): Promise<Claim | null> {
  const [row] = await claimAs(owner, async (leaseOwner) => {
    const values = [leaseOwner, authorizationId, fence, authorities()];
    return (await pool().query<ClaimedRow>(CLAIM_ONE, values)).rows;
  });
  return row ?? null;
}

export function claimNow(owner: string, authorizationId: string): Promise<Claim | null> {
  return claimOne(owner, { authorizationId });
}

async function claimAs(owner: string, claim: (leaseOwner: string) => Promise<ClaimedRow[]>) {
  // No two claims have one owner.
  const leaseOwner = `${owner}/${randomUUID()}`;
  const ageMs = startStopwatch();
  try {
    return (await claim(leaseOwner)).map((row) => ({ ...row, ageMs }));
  } catch (error) {
    if (isPassingDatabaseError(error)) giveBackLost(leaseOwner);
    throw error;
  }
}

/**
 * Where the answer to a claim was lost, its rows have no holder and need not wait for their leases to end. However
 * late: a database that stood still carries out, when it goes on, what it was asked before.
 */
function giveBackLost(leaseOwner: string): void {
  const owners = singleton("lost-claims", () => new Set<string>());
  const giveBack = async () => {
    while (owners.size > 0) {
      const lost = [...owners];
      const where = { leaseOwner: { in: lost } };
      await untilStored(() => db().tokenSet.updateMany({ where, data: GIVEN_BACK }), Infinity);
      for (const each of lost) owners.delete(each);
    }
  };
  // One for all: many claims fail while a database is away.
  if (owners.add(leaseOwner).size === 1) giveBack().catch(() => owners.clear()); // their leases end
}

/** A clock that ran ahead wrote that such a row is not due for hours. The longest life and rest is a day and an hour. */
export async function setTokensRight(): Promise<void> {
  await pool().query(`UPDATE "TokenSet" t SET "refreshDueAt" = now(),
      "accessTokenExpiresAt" = CASE WHEN ${EXPIRY_LIES_AHEAD} THEN now() ELSE "accessTokenExpiresAt" END,
      "refreshedAt" = least("refreshedAt", now()), "failedAt" = least("failedAt", now()),
      "failingSince" = least("failingSince", now())
    WHERE ${EXPIRY_LIES_AHEAD} OR ${DUE_LIES_AHEAD}`);
}

export async function releaseLeases(owner: string): Promise<void> {
  await db().tokenSet.updateMany({
    where: { leaseOwner: { startsWith: `${owner}/` } },
    data: GIVEN_BACK,
  });
}

export async function releaseClaim({ authorizationId, fence }: Claim): Promise<void> {
  await db().tokenSet.updateMany({ where: { authorizationId, fence }, data: GIVEN_BACK });
}
