import { db, pool } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import { LEASES } from "@/lib/kernel/leases";
import type { ClosedFinding } from "./schema";

export type ClosedMailbox = { cloudProviderId: string; emailAddress: string };

/** A turn to look: what a later one overtakes saves nothing. */
export type LookClaim = ClosedMailbox & { fence: number };

const LEASE = LEASES.closedMailbox;

const claimWhere = (condition: string) => `
  UPDATE "ClosedMailbox" SET "leaseUntil" = ${LEASE.until}, fence = fence + 1
  WHERE "cloudProviderId" = (${condition} FOR UPDATE SKIP LOCKED)
  RETURNING "cloudProviderId", "emailAddress", fence`;

// Ends: One after the other, while any is due.
const CLAIM_DUE = claimWhere(`SELECT m."cloudProviderId" FROM "ClosedMailbox" m
  JOIN "CloudProvider" p ON p.id = m."cloudProviderId" AND p."grant" = 'app_only'
  WHERE NOT postkey_holds(m."dueAt", interval '1 day') AND ${LEASE.isFree('m."leaseUntil"')}
  ORDER BY m."dueAt" LIMIT 1`);
const CLAIM_ONE = claimWhere(
  `SELECT "cloudProviderId" FROM "ClosedMailbox" WHERE "cloudProviderId" = $1`,
);

/** The one that is due the longest. */
export async function claimDue(): Promise<LookClaim | null> {
  const { rows } = await pool().query<LookClaim>(CLAIM_DUE);
  return rows[0] ?? null;
}

/** Now, due or not. */
export async function claimLook(cloudProviderId: string): Promise<LookClaim | null> {
  const { rows } = await pool().query<LookClaim>(CLAIM_ONE, [cloudProviderId]);
  return rows[0] ?? null;
}

/**
 * Only a proof takes back that it was open. Exchange takes up to two hours to apply a change: what is not right is
 * looked at again soon.
 */
export async function saveFinding(claim: LookClaim, { result, reason }: ClosedFinding) {
  const { cloudProviderId, fence } = claim;
  await db().$transaction(async (tx) => {
    await tx.$executeRaw`
      UPDATE "ClosedMailbox" SET "checkedAt" = now(), "leaseUntil" = NULL,
        "dueAt" = now() + CASE ${result} WHEN 'closed' THEN interval '1 day' ELSE interval '10 minutes' END,
        result = CASE WHEN ${result} = 'unproved' AND result = 'open' THEN 'open' ELSE ${result} END,
        reason = CASE WHEN ${result} = 'unproved' AND result = 'open' THEN 'The last check proved nothing. ' ELSE '' END || ${reason}
      WHERE "cloudProviderId" = ${cloudProviderId}::uuid AND fence = ${fence}`;
    await publish(tx, { type: "cloud_provider", id: cloudProviderId });
  });
}
