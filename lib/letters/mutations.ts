import { DAY_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { findReader } from "./mailboxes/queries";
import { insertLetters } from "./outbox/store";
import { requireLetterChannel } from "./queries";
import type { Letter, LetterKind } from "./schema";

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
  await db().$executeRaw`DELETE FROM "MailboxWithLinks" WHERE until < now()`;
}

/** With what servers said. @returns the number erased */
export async function eraseLettersTo(tx: Transaction, recipientKey: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE "Letter" SET recipient = '', "recipientKey" = '', subject = '', result = NULL,
      "textSealed" = NULL, state = CASE state WHEN 'waiting' THEN 'void' ELSE state END
    WHERE "recipientKey" = ${recipientKey}`;
}

/** The first reader gets in as another person. */
const OPENS_POSTKEY: ReadonlySet<LetterKind> = new Set(["invitation", "password_link"]);

/** Until the links expire. @returns a device that reads one now */
async function closeMailboxesOf(tx: Transaction, letters: readonly Letter[]) {
  const keys: string[] = [];
  for (const { kind, recipient, expiresAt } of letters) {
    if (!OPENS_POSTKEY.has(kind)) continue;
    const key = emailKey(recipient);
    keys.push(key);
    await tx.$executeRaw`
      INSERT INTO "MailboxWithLinks" AS m (key, until) VALUES (${key}, ${expiresAt})
      ON CONFLICT (key) DO UPDATE
        SET until = CASE WHEN m.until IS NULL THEN NULL ELSE greatest(m.until, excluded.until) END`;
  }
  if (keys.length === 0) return null;
  return findReader(
    tx,
    Prisma.sql`EXISTS (SELECT FROM unnest(${keys}::text[]) AS k WHERE is_mailbox_of(k, names_of(e)))`,
  );
}
