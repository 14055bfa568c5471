import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db, pool } from "@/lib/kernel/db";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { ClosedMailbox } from "./store";

export async function findClosedMailbox(actor: Actor, cloudProviderId: string) {
  requirePermission(actor, "providers:read");
  return db().closedMailbox.findUnique({ where: { cloudProviderId } });
}

// Ends: Two are enough to compare with, and take no longer than the lease.
const FIND_OWN = `SELECT id FROM "EmailAccount" WHERE "cloudProviderId" = $1 AND active
  ORDER BY "testFailureId" IS NULL DESC, "lastTestedAt" DESC NULLS LAST, id LIMIT 2`;

/** Those whose mailbox the application opens, as far as the last tests say. @permission none: its caller tests them. */
export async function findOwnAccounts(cloudProviderId: string): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>(FIND_OWN, [cloudProviderId]);
  return rows.map(({ id }) => id);
}

// Ends: It is named, and one is enough.
const FIND_ACCOUNT = `SELECT name FROM "EmailAccount" WHERE "cloudProviderId" = $1
  AND ($2 IN ("emailKey", "usernameKey") OR lower(mailbox) = lower($3)) LIMIT 1`;

/** The name of an account that opens this mailbox. @permission none: its callers ask. */
export async function findAccountOf({ cloudProviderId, emailAddress }: ClosedMailboxOf) {
  const values = [cloudProviderId, emailKey(emailAddress), emailAddress];
  const { rows } = await pool().query<{ name: string }>(FIND_ACCOUNT, values);
  return rows[0]?.name ?? null;
}

type ClosedMailboxOf = Pick<ClosedMailbox, "cloudProviderId" | "emailAddress">;
