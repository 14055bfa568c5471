import "server-only";
import { DAY_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { closeMailboxesOf, openMailboxesAgain } from "./mailboxes/store";
import { insertLetters } from "./outbox/store";
import { requireLetterChannel } from "./queries";
import type { Letter } from "./schema";

/** In the transaction that makes their links. @throws AppError conflict */
export async function putLetters(tx: Transaction, letters: readonly Letter[]): Promise<void> {
  if (letters.length === 0) return;
  await requireLetterChannel(tx);
  const reader = await closeMailboxesOf(tx, letters);
  if (reader)
    throw new AppError(
      "conflict",
      `The device “${reader}” reads this mailbox, and would read the link. Copy the link and hand it over yourself.`,
      {
        forPrograms: `The device “${reader}” reads this mailbox, and would read the link. Create a link without mailing it, and hand it over yourself.`,
      },
    );
  await insertLetters(tx, letters);
}

/** @returns false if none waits, or the link itself is unsent */
export async function bringForward(tx: Transaction, tokenHash: string): Promise<boolean> {
  const isSent = { tokenHash, kind: { not: "reminder" }, state: "sent" };
  if ((await tx.letter.count({ where: isSent })) === 0) return false;
  const { count } = await tx.letter.updateMany({
    where: { tokenHash, kind: "reminder", state: "waiting" },
    data: { dueAt: await databaseNow(0, tx) },
  });
  return count > 0;
}

/** As long as a sign-in link's outcome is shown. */
const KEPT_DAYS = 33;

export async function deleteOldLetters(): Promise<void> {
  const before = await databaseNow(-KEPT_DAYS * DAY_MS);
  await db().letter.deleteMany({ where: { createdAt: { lt: before } } });
  await openMailboxesAgain(db());
}

/** With what servers said. @returns the number erased */
export async function eraseLettersTo(tx: Transaction, recipientKey: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE "Letter" SET recipient = '', "recipientKey" = '', subject = '', result = NULL,
      "textSealed" = NULL, state = CASE state WHEN 'waiting' THEN 'void' ELSE state END
    WHERE "recipientKey" = ${recipientKey}`;
}
