import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { hashToken, randomToken } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { decision, decisionAboutPeople } from "@/lib/people/decision";
import { invitationLink } from "./link";
import { type InvitationRow, invitationIdSchema } from "./schema";
import { createInvitation, isOpen, requireFree } from "./store";

/** Ends an invitation, so that who opens its link is told so, or removes an expired one. @throws AppError not_found */
export const revokeInvitation = decision({
  input: invitationIdSchema,
  permission: "administrators:write",
  async run({ tx, actor }, { id }): Promise<void> {
    const { name, email, isExpired } = await takeInvitation(tx, id);
    await recordAudit(tx, actor, {
      action: isExpired ? "invitation.remove" : "invitation.revoke",
      object: { kind: "invitation", id, name: name ?? email ?? "" },
    });
  },
});

/**
 * Invites the same person again, in one's own name; the previous link stops working.
 *
 * @returns the link: this is the only time that it is shown
 * @throws AppError not_found; unprocessable when someone has the address by now
 */
export const renewInvitation = decisionAboutPeople({
  input: invitationIdSchema,
  async run({ tx, actor }, { id: before }): Promise<{ link: string }> {
    const token = randomToken();
    const { role, name, email } = await takeInvitation(tx, before);
    if (email !== null) await requireFree(tx, email);
    const { id } = await createInvitation(tx, {
      tokenHash: hashToken(token),
      role,
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
    return { link: invitationLink(token) };
  },
});

type TakenInvitation = Pick<InvitationRow, "role" | "name" | "email" | "isExpired">;

/** @throws AppError not_found when it was used, revoked or removed meanwhile */
async function takeInvitation(tx: Transaction, id: string): Promise<TakenInvitation> {
  const [invitation] = await tx.$queryRaw<TakenInvitation[]>`
    DELETE FROM "SetupLink" WHERE id = ${id}::uuid AND "invitedByName" IS NOT NULL
    RETURNING role, name, email, NOT ${isOpen} AS "isExpired"`;
  if (!invitation)
    throw new AppError("not_found", "This invitation was used, revoked or removed already.");
  return invitation;
}
