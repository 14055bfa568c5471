import "server-only";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { type LettersOfLink, NO_LETTER_CHANNEL, shownLetterSchema } from "./schema";

/** Whether links can go to people by mail: one alert channel is switched on for that. */
export async function hasLetterChannel(tx: Transaction = db()): Promise<boolean> {
  const where = { sendsLinks: true, enabled: true, kind: { not: "webhook" } };
  return (await tx.alertChannel.count({ where })) > 0;
}

/** Whether links go to people through this account: who reads its mail may read them. */
export async function isLetterSender(tx: Transaction, emailAccountId: string): Promise<boolean> {
  const target = { path: ["emailAccountId"], equals: emailAccountId };
  const where = { sendsLinks: true, kind: "email_account", target };
  return (await tx.alertChannel.count({ where })) > 0;
}

/** Whether Postkey opens the mailbox of an address: others than its owner read it here, too. */
export async function isMailboxHere(tx: Transaction, address: string): Promise<boolean> {
  const key = emailKey(address);
  const mailbox = { equals: address, mode: "insensitive" } as const;
  const where = { OR: [{ emailKey: key }, { usernameKey: key }, { mailbox }] };
  return (await tx.emailAccount.count({ where })) > 0;
}

/** @throws AppError conflict, which says how to get one */
export async function requireLetterChannel(tx: Transaction): Promise<void> {
  if (!(await hasLetterChannel(tx))) throw new AppError("conflict", NO_LETTER_CHANNEL);
}

/** What became of the letters about these links, by the hash of each; of one that is void nothing is told. */
export async function findLettersOf(
  tokenHashes: readonly string[],
): Promise<Map<string, LettersOfLink>> {
  const rows = await db().letter.findMany({
    where: { tokenHash: { in: [...tokenHashes] }, state: { not: "void" } },
    orderBy: { createdAt: "asc" },
    select: {
      tokenHash: true,
      kind: true,
      state: true,
      recipient: true,
      attempts: true,
      attemptedAt: true,
      sentAt: true,
      dueAt: true,
      result: true,
    },
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
