import { type AuditEntry, recordAudit } from "@/lib/audit/mutations";
import type { Deed } from "@/lib/kernel/command";
import { hashToken, randomToken } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { timeText } from "@/lib/kernel/text/time-text";
import type { Transaction } from "@/lib/kernel/transaction";
import { putLetters } from "@/lib/letters/mutations";
import { decision, decisionAboutPeople } from "@/lib/people/decision";
import { tellPerson } from "../store";
import {
  type InvitationRow,
  invitationIdSchema,
  mailInvitationSchema,
  mailPasswordLinkSchema,
} from "./schema";
import {
  createInvitation,
  findUnsentInvitation,
  findUnsentPasswordLink,
  isOpen,
  requireFree,
} from "./store";

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

/** In one's own name; the previous link stops working. @throws AppError not_found; unprocessable */
export const renewInvitation = decisionAboutPeople({
  input: invitationIdSchema,
  async run(deed, { id: before }): Promise<{ link: string }> {
    const { isExpired, ...taken } = await takeInvitation(deed.tx, before);
    return putInvitation(deed, taken, { action: "invitation.renew", detail: { role: taken.role } });
  },
});

type Invited = Pick<InvitationRow, "role" | "name" | "email">;

/** The token is in the link's fragment, which no server log has. */
export async function putInvitation(
  { tx, actor }: Deed,
  invited: Invited,
  entry: Pick<AuditEntry, "action" | "detail">,
) {
  const token = randomToken();
  const { name, email } = invited;
  if (email !== null) await requireFree(tx, email);
  const inviter = { invitedById: actor.id, invitedByName: actor.name };
  const made = { tokenHash: hashToken(token), ...invited, ...inviter };
  const { id } = await createInvitation(tx, made);
  const object = { kind: "invitation", id, name: name ?? email ?? "" };
  await recordAudit(tx, actor, { ...entry, object });
  return { link: `${env().url.origin}/setup#${token}` };
}

type TakenInvitation = Invited & Pick<InvitationRow, "isExpired">;

async function takeInvitation(tx: Transaction, id: string): Promise<TakenInvitation> {
  const [invitation] = await tx.$queryRaw<TakenInvitation[]>`
    DELETE FROM "SetupLink" WHERE id = ${id}::uuid AND "invitedByName" IS NOT NULL
    RETURNING role, name, email, NOT ${isOpen} AS "isExpired"`;
  if (!invitation)
    throw new AppError("not_found", "This invitation was used, revoked or removed already.");
  return invitation;
}

/** Its token comes from who made it: Postkey keeps the hash alone. @throws AppError not_found; conflict */
export const mailInvitation = decisionAboutPeople({
  input: mailInvitationSchema,
  async run({ tx, actor }, { token, address }): Promise<{ address: string }> {
    const tokenHash = hashToken(token);
    const link = await findUnsentInvitation(tx, tokenHash);
    if (!link) throw linkVoid();
    const { expiresAt } = link;
    const letter = { kind: "invitation" as const, tokenHash, recipient: address, expiresAt };
    await putLetters(tx, [{ ...letter, ...invitationLetter({ ...link, token }) }]);
    const told = { id: "", name: address, by: actor };
    await tellPerson(tx, { action: "administrator.mail_invitation", ...told });
    return { address };
  },
});

/** @throws AppError not_found when it is void or was sent already; conflict when no channel sends links */
export const mailPasswordLink = decisionAboutPeople({
  input: mailPasswordLinkSchema,
  async run({ tx, actor }, { token }): Promise<{ address: string }> {
    const tokenHash = hashToken(token);
    const link = await findUnsentPasswordLink(tx, tokenHash);
    if (!link) throw linkVoid();
    const { id, name, email: address, expiresAt } = link;
    const letter = { kind: "password_link" as const, tokenHash, recipient: address, expiresAt };
    await putLetters(tx, [{ ...letter, ...passwordLetter({ ...link, token }) }]);
    await tellPerson(tx, { action: "administrator.mail_password_link", id, name, by: actor });
    return { address };
  },
});

function linkVoid(): AppError {
  return new AppError("not_found", "This link was used or sent already. Create a new one.");
}

type LinkToMail = { token: string; expiresAt: Date; createdByName: string };

export function invitationLetter({ token, expiresAt, createdByName }: LinkToMail) {
  const { host, origin } = env().url;
  return {
    subject: `${createdByName} invites you to Postkey`,
    text: `${[
      "Hello,",
      `${createdByName} invites you to administer Postkey at ${host}, which holds the sign-ins of your company's mailboxes.`,
      "Open this link to choose your name and your password:",
      `${origin}/setup#${token}`,
      `The link works once, until ${timeText(expiresAt)}. Don't forward it: anyone who opens it can join instead of you.`,
      `If you don't know ${createdByName} or don't expect this message, don't open the link. Without it, nothing happens.`,
    ].join("\n\n")}\n`,
  };
}

export function passwordLetter({ token, expiresAt, createdByName }: LinkToMail) {
  const { host, origin } = env().url;
  return {
    subject: "Choose a new password for Postkey",
    text: `${[
      "Hello,",
      `${createdByName} created a link with which you choose a new password for Postkey at ${host}:`,
      `${origin}/reset#${token}`,
      `The link works once, until ${timeText(expiresAt)}. Until you use it, your old password keeps working. Afterwards you are signed out everywhere.`,
      `If you didn't ask for this, don't open the link, and tell an administrator other than ${createdByName}.`,
    ].join("\n\n")}\n`,
  };
}
