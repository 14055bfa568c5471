import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db, pool } from "@/lib/kernel/db";

export async function findClosedMailbox(actor: Actor, cloudProviderId: string) {
  requirePermission(actor, "providers:read");
  return db().closedMailbox.findUnique({ where: { cloudProviderId } });
}

// Ends: One is enough to compare with.
/** An account whose mailbox the application may open, as far as the last tests say. */
const FIND_OPENED = `SELECT e.id FROM "EmailAccount" e JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
  WHERE p.id = $1 AND p."grant" = 'app_only' AND e.active
  ORDER BY e."testFailureId" IS NULL DESC, e."lastTestedAt" IS NULL, e.id LIMIT 1`;

/** Null without one. @permission none: its caller tests it. */
export async function findOpenedAccount(cloudProviderId: string): Promise<string | null> {
  const { rows } = await pool().query<{ id: string }>(FIND_OPENED, [cloudProviderId]);
  return rows[0]?.id ?? null;
}
