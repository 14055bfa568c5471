import "server-only";
import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { InvitationRow } from "./schema";

/** Those that are open, newest first. Few: each ends within a day. */
export async function listInvitations(actor: Actor): Promise<InvitationRow[]> {
  requirePermissionToSee(actor, "administrators:read");
  return db().$queryRaw<InvitationRow[]>`
    SELECT id, role, email, name, "invitedByName", "createdAt", "expiresAt" FROM "SetupLink"
    WHERE "invitedByName" IS NOT NULL AND postkey_holds("expiresAt", interval '1 day')
    ORDER BY "createdAt" DESC, id`;
}
