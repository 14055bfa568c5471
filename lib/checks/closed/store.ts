import { db, pool } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import { LEASES } from "@/lib/kernel/leases";
import type { ClosedFinding } from "./schema";

export type ClosedMailbox = { cloudProviderId: string; emailAddress: string };

const LEASE = LEASES.closedMailbox;

// Ends: One after the other, while any is due.
const CLAIM = `UPDATE "ClosedMailbox" SET "leaseUntil" = ${LEASE.until}
  WHERE "cloudProviderId" = (SELECT "cloudProviderId" FROM "ClosedMailbox"
    WHERE NOT postkey_holds("dueAt", interval '1 day') AND ${LEASE.isFree('"leaseUntil"')}
    ORDER BY "dueAt" LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING "cloudProviderId", "emailAddress"`;

export async function claimDueMailbox(): Promise<ClosedMailbox | null> {
  const { rows } = await pool().query<ClosedMailbox>(CLAIM);
  return rows[0] ?? null;
}

/** Exchange takes up to two hours to know a change: what is not right is looked at again soon. */
export async function saveFinding(mailbox: ClosedMailbox, found: ClosedFinding): Promise<void> {
  const { cloudProviderId, emailAddress } = mailbox;
  await db().$transaction(async (tx) => {
    await tx.$executeRaw`
      UPDATE "ClosedMailbox" SET result = ${found.result}, reason = ${found.reason}, "checkedAt" = now(), "leaseUntil" = NULL,
        "dueAt" = now() + CASE ${found.result} WHEN 'closed' THEN interval '1 day' ELSE interval '10 minutes' END
      WHERE "cloudProviderId" = ${cloudProviderId}::uuid AND "emailAddress" = ${emailAddress}`;
    await publish(tx, { type: "cloud_provider", id: cloudProviderId });
  });
}
