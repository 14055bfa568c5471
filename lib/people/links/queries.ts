import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { hasLetterChannel } from "@/lib/letters/queries";
import type { InvitationRow } from "./schema";
import { isOpen } from "./store";

/** The open before the expired, newest first. Few: each is made by hand, and forgotten after a month. */
export async function listInvitations(actor: Actor): Promise<InvitationRow[]> {
  requirePermissionToSee(actor, "administrators:read");
  return db().$queryRaw<InvitationRow[]>`
    SELECT id, role, email, name, "invitedByName", "createdAt", "expiresAt", NOT ${isOpen} AS "isExpired"
    FROM "SetupLink" WHERE "invitedByName" IS NOT NULL
    ORDER BY "isExpired", "createdAt" DESC, id`;
}

/** @permission none: open to every authenticated caller. */
export function hasLinkChannel(_actor: Actor): Promise<boolean> {
  return hasLetterChannel();
}
