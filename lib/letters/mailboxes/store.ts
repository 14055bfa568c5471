import "server-only";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import type { Letter, LetterKind } from "../schema";
import { findReader } from "./queries";

/** The first reader gets in as another person. */
const OPENS_POSTKEY: ReadonlySet<LetterKind> = new Set(["invitation", "password_link"]);

/** Until the links expire. @returns a device that reads one now */
export async function closeMailboxesOf(
  tx: Transaction,
  letters: readonly Letter[],
): Promise<string | null> {
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

export async function openMailboxesAgain(tx: Transaction): Promise<void> {
  await tx.$executeRaw`DELETE FROM "MailboxWithLinks" WHERE until < now()`;
}
