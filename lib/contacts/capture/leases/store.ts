import { db, pool } from "@/lib/kernel/db";
import { IS_ALIVE } from "@/lib/kernel/heartbeat";
import { GIVEN_BACK, LEASES } from "@/lib/kernel/leases";
import { hasServer, signedInName } from "@/lib/sign-ins/identities";

/** Without a sign of its keeper for this long, another one follows an inbox. */
const LEASE = LEASES.capture;
/** For a state of capture `s`. */
export const IS_FOLLOWED = LEASE.isHeld(`s."leaseUntil"`);
/** 15 minutes is the longest pause in follow.ts. */
const WAITS = `(postkey_holds(s."retryAt", interval '15 minutes') AND NOT postkey_is_ahead(s."failedAt"))`;

export type CaptureClaim = {
  emailAccountId: string;
  fence: number;
  /** An edit starts over. */
  accountVersion: number;
  failures: number;
};

/** A new sign-in or token is worth a try at once. */
const HAS_NEWER_TOKEN = `EXISTS (SELECT FROM "CloudProvider" p
  JOIN "Authorization" a ON a."cloudProviderId" = p.id AND a.username = ${signedInName("e", "p")}
  JOIN "TokenSet" t ON t."authorizationId" = a.id
  WHERE p.id = e."cloudProviderId" AND t."refreshedAt" > s."failedAt")`;
const ELIGIBLE = `e.active AND e."contactListId" IS NOT NULL AND (e."readsBy" = 'graph' OR ${hasServer("e", "imap")})`;

/** Those that wait longest first, with a fence, as for tokens. */
export async function claimInboxes(owner: string, limit: number): Promise<CaptureClaim[]> {
  if (limit <= 0) return [];
  const { rows } = await pool().query<CaptureClaim>({
    name: "claim-inboxes",
    text: `WITH free AS (
        SELECT e.id, e.version FROM "EmailAccount" e
        LEFT JOIN "CaptureState" s ON s."emailAccountId" = e.id
        WHERE ${ELIGIBLE} AND NOT ${IS_FOLLOWED}
          AND (NOT ${WAITS} OR ${HAS_NEWER_TOKEN})
        ORDER BY s."retryAt" NULLS FIRST, e.id LIMIT $2 FOR UPDATE OF e SKIP LOCKED
      )
      INSERT INTO "CaptureState" AS s ("emailAccountId", "leaseOwner", "leaseUntil", fence)
      SELECT id, $1, ${LEASE.until}, 1 FROM free
      ON CONFLICT ("emailAccountId") DO UPDATE SET "leaseOwner" = $1,
        "leaseUntil" = ${LEASE.until}, fence = s.fence + 1
        WHERE NOT ${IS_FOLLOWED}
      RETURNING s."emailAccountId", s.fence, s.failures,
        (SELECT version FROM free WHERE id = s."emailAccountId") AS "accountVersion"`,
    values: [owner, limit],
  });
  return rows;
}

/** @returns accounts still to be followed, with their version; let go of all others */
export async function keepInboxes(owner: string): Promise<Map<string, number>> {
  const { rows } = await pool().query<{ id: string; version: number }>({
    name: "keep-inboxes",
    text: `UPDATE "CaptureState" s SET "leaseUntil" = ${LEASE.until}
      FROM "EmailAccount" e
      WHERE s."leaseOwner" = $1 AND e.id = s."emailAccountId" AND ${ELIGIBLE} AND ${IS_FOLLOWED}
      RETURNING e.id, e.version`,
    values: [owner],
  });
  return new Map(rows.map(({ id, version }) => [id, version]));
}

export async function countWork(): Promise<{ inboxes: number; keepers: number }> {
  const { rows } = await pool().query<{ inboxes: number; keepers: number }>({
    name: "count-inboxes",
    text: `SELECT (SELECT count(*)::int FROM "EmailAccount" e WHERE ${ELIGIBLE}) AS inboxes,
      (SELECT count(*)::int FROM "KeeperHeartbeat"
        WHERE ${IS_ALIVE}) AS keepers`,
  });
  return rows[0] ?? { inboxes: 0, keepers: 1 };
}

/** All of them, or one. */
export async function releaseInboxes(owner: string, emailAccountId?: string): Promise<void> {
  await db().captureState.updateMany({
    where: { leaseOwner: owner, ...(emailAccountId && { emailAccountId }) },
    data: { ...GIVEN_BACK, followingSince: null },
  });
}
