import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { hashToken } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import { putLetters } from "@/lib/letters/mutations";
import { decisionAboutPeople } from "@/lib/people/decision";
import { invitationLetter, passwordLetter } from "./letter";
import { mailInvitationSchema, mailPasswordLinkSchema } from "./schema";
import { findInvitation, findPasswordLink } from "./store";

/**
 * Sends an invitation that was just made, to an address of the inviter's choice. Its token comes from who made
 * it: Postkey keeps the hash alone.
 *
 * @throws AppError not_found when it is void or was sent already; conflict when no channel sends links
 */
export const mailInvitation = decisionAboutPeople({
  input: mailInvitationSchema,
  async run({ tx, actor }, { token, address }): Promise<{ address: string }> {
    const tokenHash = hashToken(token);
    const link = await findInvitation(tx, tokenHash);
    if (!link) throw linkVoid();
    const { expiresAt } = link;
    const letter = { kind: "invitation" as const, tokenHash, recipient: address, expiresAt };
    await putLetters(tx, [{ ...letter, ...invitationLetter({ ...link, token }) }]);
    await recordAudit(tx, actor, {
      action: "administrator.mail_invitation",
      object: { kind: "administrator", id: "", name: address },
    });
    return { address };
  },
});

/**
 * Sends a link to a new password to the administrator whom it is for.
 * @throws AppError not_found when it is void or was sent already; conflict when no channel sends links
 */
export const mailPasswordLink = decisionAboutPeople({
  input: mailPasswordLinkSchema,
  async run({ tx, actor }, { token }): Promise<{ address: string }> {
    const tokenHash = hashToken(token);
    const link = await findPasswordLink(tx, tokenHash);
    if (!link) throw linkVoid();
    const { id, name, email: address, expiresAt } = link;
    const letter = { kind: "password_link" as const, tokenHash, recipient: address, expiresAt };
    await putLetters(tx, [{ ...letter, ...passwordLetter({ ...link, token }) }]);
    await recordAudit(tx, actor, {
      action: "administrator.mail_password_link",
      object: { kind: "administrator", id, name },
    });
    return { address };
  },
});

function linkVoid(): AppError {
  return new AppError("not_found", "This link was used or sent already. Create a new one.");
}
