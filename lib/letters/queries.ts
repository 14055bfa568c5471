import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { only } from "@/lib/kernel/words";
import { type LettersOfLink, NO_LETTER_CHANNEL, shownLetterSchema } from "./schema";

export async function hasLetterChannel(tx: Transaction = db()): Promise<boolean> {
  const where = { sendsLinks: true, enabled: true, kind: { not: "webhook" } };
  return (await tx.alertChannel.count({ where })) > 0;
}

/** @throws AppError conflict */
export async function requireLetterChannel(tx: Transaction): Promise<void> {
  if (!(await hasLetterChannel(tx))) throw new AppError("conflict", NO_LETTER_CHANNEL);
}

/** By hash; nothing for void links. */
export async function findLettersOf(
  tokenHashes: readonly string[],
): Promise<Map<string, LettersOfLink>> {
  const rows = await db().letter.findMany({
    where: { tokenHash: { in: [...tokenHashes] }, state: { not: "void" } },
    orderBy: { createdAt: "asc" },
    select: only("tokenHash kind state recipient attempts attemptedAt sentAt dueAt result"),
  });
  const reminders = new Map(rows.filter(isReminder).map((row) => [row.tokenHash, row]));
  const firsts = rows.filter((row) => !isReminder(row));
  return new Map(
    firsts.map(({ tokenHash, kind, dueAt, ...row }) => {
      const reminder = reminders.get(tokenHash);
      const remindsAt = reminder?.state === "waiting" ? reminder.dueAt : null;
      const letter = shownLetterSchema.parse(row);
      return [tokenHash, { letter, remindsAt, remindedAt: reminder?.sentAt ?? null }];
    }),
  );
}

function isReminder({ kind }: { kind: string }): boolean {
  return kind === "reminder";
}
