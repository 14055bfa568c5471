import "server-only";
import { SECOND_MS } from "@/lib/clock";
import { db, pool, type Transaction } from "@/lib/db";
import type { GrantKind } from "@/lib/oauth/service";

/** Seconds that a refresh may take before another process takes the row over. */
const LEASE_S = 60;

export type Claim = {
  authorizationId: string;
  cloudProviderId: string;
  grant: GrantKind;
  cloud: string;
  /** `<cloud>/<tenant id>`: what the platform's limits are counted by. */
  tenant: string;
  fence: number;
  failures: number;
  /** As it was when the row was claimed. */
  state: string;
  cacheSealed: string;
};

const CLAIM = `UPDATE "TokenSet" t
  SET "leaseOwner" = $1, "leaseUntil" = now() + make_interval(secs => ${LEASE_S}), fence = t.fence + 1
  FROM "Authorization" a JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
  WHERE a.id = t."authorizationId" AND t."authorizationId" IN (`;
const CLAIMED = `) RETURNING t."authorizationId", a."cloudProviderId", a.grant, p.cloud,
    p.cloud || '/' || a."tenantId" AS tenant, t.fence, t.failures, t.state, t."cacheSealed"`;

const IS_FREE = `(t."leaseUntil" IS NULL OR t."leaseUntil" < now())`;

/** How many due rows are looked at for each that is wanted: one tenant must not hide the others. */
const CANDIDATES = 4;

const DUE = `WITH candidates AS MATERIALIZED (
    SELECT t."authorizationId", t."refreshDueAt", p.cloud || '/' || a."tenantId" AS tenant
    FROM "TokenSet" t
    JOIN "Authorization" a ON a.id = t."authorizationId"
    JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
    WHERE t."refreshDueAt" <= now() AND t.state IN ('connected', 'retrying') AND ${IS_FREE}
      AND p.cloud = ANY($3) AND NOT p.cloud || '/' || a."tenantId" = ANY($4)
      AND NOT EXISTS (SELECT 1 FROM "PlatformPause" z
        WHERE z.until > now() AND z.subject IN (p.cloud, p.cloud || '/' || a."tenantId"))
    ORDER BY t."refreshDueAt" LIMIT $2 * ${CANDIDATES} FOR UPDATE OF t SKIP LOCKED
  ), numbered AS (
    SELECT c.*, coalesce(b.count, 0)
      + row_number() OVER (PARTITION BY c.tenant ORDER BY c."refreshDueAt") AS nth
    FROM candidates c LEFT JOIN unnest($5::text[], $6::int[]) b(tenant, count) ON b.tenant = c.tenant
  )
  SELECT "authorizationId" FROM numbered WHERE nth <= $7 ORDER BY "refreshDueAt" LIMIT $2`;

export type ClaimLimits = {
  limit: number;
  perTenant: number;
  /** Calls that the claiming process has in flight, by tenant. */
  busy: ReadonlyMap<string, number>;
  /** Clouds that may be asked now. */
  clouds: readonly string[];
};

/**
 * Leases rows that are due, the longest due first, within the limits of each tenant. The database's
 * clock decides, rows that another process holds are passed over, and the fence number tells a holder
 * that was paused that it lost the row.
 */
export async function claimDue(owner: string, limits: ClaimLimits): Promise<Claim[]> {
  const { limit, perTenant, busy, clouds } = limits;
  const full = [...busy].filter(([, count]) => count >= perTenant).map(([tenant]) => tenant);
  const { rows } = await pool().query<Claim>({
    name: "claim-due",
    text: `${CLAIM}${DUE}${CLAIMED}`,
    values: [owner, limit, clouds, full, [...busy.keys()], [...busy.values()], perTenant],
  });
  return rows;
}

/**
 * Leases one row now, due or not, as it was read: the fence grows with each claim and each result, so
 * whoever is late does not renew what was renewed.
 * @returns null when another process holds it or has held it since
 */
export async function claimOne(
  owner: string,
  { authorizationId, fence }: Pick<Claim, "authorizationId" | "fence">,
): Promise<Claim | null> {
  const free = `SELECT t."authorizationId" FROM "TokenSet" t
    WHERE t."authorizationId" = $2 AND t.fence = $3 AND ${IS_FREE} FOR UPDATE SKIP LOCKED`;
  const values = [owner, authorizationId, fence];
  const { rows } = await pool().query<Claim>(`${CLAIM}${free}${CLAIMED}`, values);
  return rows[0] ?? null;
}

/** Leases one row now, due or not, however it stands; null when it is held or gone. */
export async function claimNow(owner: string, authorizationId: string): Promise<Claim | null> {
  const free = `SELECT t."authorizationId" FROM "TokenSet" t
    WHERE t."authorizationId" = $2 AND ${IS_FREE} FOR UPDATE SKIP LOCKED`;
  const { rows } = await pool().query<Claim>(`${CLAIM}${free}${CLAIMED}`, [owner, authorizationId]);
  return rows[0] ?? null;
}

export async function releaseLeases(owner: string): Promise<void> {
  await db().tokenSet.updateMany({
    where: { leaseOwner: owner },
    data: { leaseOwner: null, leaseUntil: null },
  });
}

/** Gives one row back as it was, if it is still held. */
export async function releaseClaim({ authorizationId, fence }: Claim): Promise<void> {
  await db().tokenSet.updateMany({
    where: { authorizationId, fence },
    data: { leaseOwner: null, leaseUntil: null },
  });
}

/** Nobody asks the platform about a tenant until then: it said so. Longer pauses stay. */
export async function pauseTenant(
  tx: Transaction,
  { tenant }: Claim,
  { waitMs, reason }: { waitMs: number; reason: string },
): Promise<void> {
  await tx.$executeRaw`INSERT INTO "PlatformPause" AS z (subject, until, reason)
    VALUES (${tenant}, now() + make_interval(secs => ${waitMs / SECOND_MS}::float8), ${reason})
    ON CONFLICT (subject) DO UPDATE SET until = greatest(z.until, excluded.until), reason = excluded.reason`;
}

export async function deleteOldPauses(): Promise<void> {
  await db().$executeRaw`DELETE FROM "PlatformPause" WHERE until < now()`;
}
