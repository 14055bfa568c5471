import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";

/** A sign-in for which a browser left, and that did not come back. */
export type Unreturned = {
  id: string;
  /** For how long, by the database's clock. */
  ageMs: number;
};

type Subject = { cloudProviderId: string; emailAccountId?: string };

/**
 * The last sign-in that this browser session left for, while no one has come back from this provider since: a platform
 * that does not know the redirect URI says so on a page of its own, and sends no one back.
 *
 * @param emailAccountId of the account that it was begun for; of any where it is left out
 */
export async function findUnreturned(
  actor: Actor,
  { cloudProviderId, emailAccountId }: Subject,
): Promise<Unreturned | null> {
  requirePermission(actor, "providers:read");
  if (!actor.sessionId) return null;
  // Ends: The last one alone.
  const [found] = await db().$queryRaw<Unreturned[]>`
    SELECT r.id, extract(epoch FROM now() - r."createdAt")::float * 1000 AS "ageMs"
    FROM "AuthorizationRequest" r
    WHERE r."cloudProviderId" = ${cloudProviderId}::uuid AND r."sessionId" = ${actor.sessionId}::uuid
      AND r."consumedAt" IS NULL AND r."userCode" IS NULL AND r."createdAt" > now() - interval '1 hour'
      AND coalesce(r."emailAccountId" = ${emailAccountId ?? null}::uuid, ${emailAccountId === undefined})
      AND NOT EXISTS (SELECT FROM "AuthorizationRequest" other
        WHERE other."cloudProviderId" = r."cloudProviderId" AND other."consumedAt" >= r."createdAt")
    ORDER BY r."createdAt" DESC LIMIT 1`;
  return found ?? null;
}
