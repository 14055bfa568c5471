import "server-only";
import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { sessionLives } from "../administrators/store";
import type { SessionRow } from "./schema";

/** The one used last first. @permission none: every person may see where they are signed in. */
export async function listOwnSessions(actor: Actor): Promise<SessionRow[]> {
  return actor.kind === "user" ? findSessions(actor.id, actor.sessionId) : [];
}

export async function listSessionsOf(actor: Actor, administratorId: string): Promise<SessionRow[]> {
  requirePermissionToSee(actor, "administrators:read");
  return findSessions(administratorId, actor.sessionId);
}

async function findSessions(administratorId: string, current = ""): Promise<SessionRow[]> {
  const rows = await db().$queryRaw<Omit<SessionRow, "isThis">[]>`
    SELECT s.id, s."createdAt", s."lastSeenAt", s."expiresAt", s.browser, s.address, s.method, c.name AS company
    FROM "Session" s JOIN "Administrator" a ON a.id = s."administratorId"
      LEFT JOIN "AdministratorIdentity" i ON i.id = s."identityId"
      LEFT JOIN "CompanySignIn" c ON c.id = i."companySignInId"
    WHERE s."administratorId" = ${administratorId}::uuid AND ${sessionLives}
    ORDER BY s."lastSeenAt" DESC, s.id`;
  return rows.map((row) => ({ ...row, isThis: row.id === current }));
}
