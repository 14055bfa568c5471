import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { hashToken, randomToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { roleSchema } from "../roles/schema";
import { decideAsAdministrator } from "../roles/store";
import { requireStanding } from "../standing/store";
import { invitationLink } from "./link";
import { createInvitation } from "./store";

/** Ends an invitation: who opens its link is told so. @throws AppError not_found */
export async function revokeInvitation(actor: Actor, { id }: { id: string }): Promise<void> {
  requirePermission(actor, "administrators:write");
  await db().$transaction(async (tx) => {
    await requireStanding(tx, actor, "administrators:write");
    const { name, email } = await takeInvitation(tx, id);
    await recordAudit(tx, actor, {
      action: "invitation.revoke",
      object: { kind: "invitation", id, name: name ?? email ?? "" },
    });
  });
}

/**
 * Invites the same person again, in one's own name; the previous link stops working.
 *
 * @returns the link: this is the only time that it is shown
 * @throws AppError not_found
 */
export async function renewInvitation(
  actor: Actor,
  { id: before }: { id: string },
): Promise<{ link: string }> {
  const token = randomToken();
  await decideAsAdministrator(actor, async (tx) => {
    const { role, name, email } = await takeInvitation(tx, before);
    const { id } = await createInvitation(tx, {
      tokenHash: hashToken(token),
      role: roleSchema.parse(role),
      name,
      email,
      invitedById: actor.id,
      invitedByName: actor.name,
    });
    await recordAudit(tx, actor, {
      action: "invitation.renew",
      object: { kind: "invitation", id, name: name ?? email ?? "" },
      detail: { role },
    });
  });
  return { link: invitationLink(token) };
}

/** @throws AppError not_found when it was used or revoked meanwhile */
async function takeInvitation(tx: Transaction, id: string) {
  const where = { id, invitedByName: { not: null } };
  const link = await tx.setupLink.findFirst({
    where,
    select: { role: true, name: true, email: true },
  });
  const { count } = await tx.setupLink.deleteMany({ where });
  if (!link || count !== 1)
    throw new AppError("not_found", "This invitation was used or revoked already.");
  return link;
}
