import { recordAudit } from "@/lib/audit/mutations";
import { staleEdit } from "@/lib/audit/stale-edit";
import { accountNotFound } from "@/lib/email-accounts/queries";
import { letNewSettingsBeTested } from "@/lib/email-accounts/test-schedule/store";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { alignMailboxes } from "@/lib/sign-ins/mailboxes/mutations";
import { type MoveAccount, UNDO_DAYS, undoMoveSchema } from "./schema";

type Switch = MoveAccount & { name: string; version: number; formerUsername: string };

/**
 * The password stays sealed for a week.
 * @throws AppError stale: changed since the test
 */
export async function saveMove(actor: Actor, input: Switch): Promise<void> {
  requirePermission(actor, "accounts:write");
  const { emailAccountId: id, cloudProviderId, username, name, version, formerUsername } = input;
  const object = { kind: "email_account", id, name };
  const isSaved = await db().$transaction(async (tx) => {
    const { count } = await tx.emailAccount.updateMany({
      where: { id, version, modernAuthentication: false },
      data: {
        modernAuthentication: true,
        cloudProviderId,
        username,
        mailbox: null,
        smtpUser: null,
        usernameKey: emailKey(username),
        formerUsername,
        movedAt: await databaseNow(0, tx),
        version: { increment: 1 },
        updatedAt: wallTime(),
      },
    });
    if (count !== 1) return false;
    await alignMailboxes(tx, cloudProviderId, actor.name);
    await tell(tx, actor, { action: "email_account.move", object, version: version + 1 });
    return true;
  });
  if (!isSaved) throw await staleEdit(object, version);
}

/** The sign-in at the provider stays. @throws AppError conflict: the password is erased; not_found */
export const undoMove = command({
  input: undoMoveSchema,
  permission: "accounts:write",
  async run({ tx, actor }, { emailAccountId }): Promise<void> {
    const account = await tx.emailAccount.findUnique({
      where: { id: emailAccountId },
      select: { name: true, version: true, formerUsername: true, cloudProviderId: true },
    });
    if (!account) throw accountNotFound();
    const { name, version, formerUsername, cloudProviderId } = account;
    const { count } = await tx.emailAccount.updateMany({
      where: { id: emailAccountId, version, movedAt: { not: null }, passwordSealed: { not: null } },
      data: {
        modernAuthentication: false,
        cloudProviderId: null,
        mailbox: null,
        smtpUser: null,
        ...(formerUsername && { username: formerUsername, usernameKey: emailKey(formerUsername) }),
        formerUsername: null,
        movedAt: null,
        version: { increment: 1 },
        updatedAt: wallTime(),
      },
    });
    if (count !== 1)
      throw new AppError(
        "conflict",
        "Its password is no longer kept. Enter it again: Edit, Modern Authentication off.",
      );
    await letNewSettingsBeTested(tx, [emailAccountId]);
    await alignMailboxes(tx, cloudProviderId, actor.name);
    const object = { kind: "email_account", id: emailAccountId, name };
    await tell(tx, actor, { action: "email_account.undo_move", object, version: version + 1 });
  },
});

export async function eraseFormerPasswords(): Promise<void> {
  await db().$executeRaw`UPDATE "EmailAccount"
    SET "passwordSealed" = NULL, "formerUsername" = NULL, "movedAt" = NULL
    WHERE "movedAt" < now() - make_interval(days => ${UNDO_DAYS}) AND "modernAuthentication"`;
}

type Change = {
  action: string;
  object: { kind: string; id: string; name: string };
  version: number;
};

async function tell(tx: Transaction, actor: Actor, { action, object, version }: Change) {
  const changed = ["Modern Authentication", "Cloud Provider", "Username"];
  await recordAudit(tx, actor, { action, object, detail: { version, changed } });
  await publish(tx, { type: "email_account", id: object.id });
}
