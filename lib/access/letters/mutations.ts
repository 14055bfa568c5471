import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { hashToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { putLetters } from "@/lib/letters/mutations";
import { isMailboxHere } from "@/lib/letters/queries";
import { invitationLetter, passwordLetter } from "./letter";
import { findInvitation, findPasswordLink } from "./store";

/**
 * Sends an invitation that was just made, to an address of the inviter's choice. Its token comes from who made
 * it: Postkey keeps the hash alone.
 *
 * @throws AppError not_found when it is void or was sent already; conflict when no channel sends links
 */
export async function mailInvitation(
  actor: Actor,
  { token, address }: { token: string; address: string },
): Promise<{ address: string }> {
  requirePermission(actor, "administrators:write");
  const tokenHash = hashToken(token);
  await db().$transaction(async (tx) => {
    const link = await findInvitation(tx, tokenHash);
    if (!link) throw linkVoid();
    await requireOwnMailbox(tx, address);
    const { expiresAt } = link;
    const letter = { kind: "invitation" as const, tokenHash, recipient: address, expiresAt };
    await putLetters(tx, [{ ...letter, ...invitationLetter({ ...link, token }) }]);
    await recordAudit(tx, actor, {
      action: "administrator.mail_invitation",
      object: { kind: "administrator", id: "", name: address },
    });
  });
  return { address };
}

/**
 * Sends a link to a new password to the administrator whom it is for.
 * @throws AppError not_found when it is void or was sent already; conflict when no channel sends links
 */
export async function mailPasswordLink(
  actor: Actor,
  { token }: { token: string },
): Promise<{ address: string }> {
  requirePermission(actor, "administrators:write");
  const tokenHash = hashToken(token);
  return db().$transaction(async (tx) => {
    const link = await findPasswordLink(tx, tokenHash);
    if (!link) throw linkVoid();
    const { id, name, email: address, expiresAt } = link;
    await requireOwnMailbox(tx, address);
    const letter = { kind: "password_link" as const, tokenHash, recipient: address, expiresAt };
    await putLetters(tx, [{ ...letter, ...passwordLetter({ ...link, token }) }]);
    await recordAudit(tx, actor, {
      action: "administrator.mail_password_link",
      object: { kind: "administrator", id, name },
    });
    return { address };
  });
}

/**
 * A link that opens Postkey must not be read by whoever may open the mailbox here: an operator would become an
 * administrator with it.
 *
 * @throws AppError conflict
 */
async function requireOwnMailbox(tx: Transaction, address: string): Promise<void> {
  if (!(await isMailboxHere(tx, address))) return;
  throw new AppError(
    "conflict",
    `${address} is an email account in Postkey, so operators could read the link there. Copy the link and hand it over another way.`,
  );
}

function linkVoid(): AppError {
  return new AppError("not_found", "This link was used or sent already. Create a new one.");
}
