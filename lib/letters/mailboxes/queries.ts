import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";

export function findReaderOfLinks(tx: Transaction): Promise<string | null> {
  return findReader(tx, Prisma.sql`holds_links(e)`);
}

export async function findReader(tx: Transaction, isIt: Prisma.Sql): Promise<string | null> {
  // Ends: One is named; without the others it is asked again.
  const [reader] = await tx.$queryRaw<{ name: string }[]>`
    SELECT d.name FROM "Device" d JOIN "EmailAccount" e ON e.id = d."emailAccountId"
    WHERE d."revokedAt" IS NULL AND d.protocols && ARRAY['imap', 'pop3'] AND ${isIt}
    ORDER BY d."nameKey", d.id LIMIT 1`;
  return reader?.name ?? null;
}

/** Then no device may read it. */
export async function holdsLinks(emailAccountId: string, tx: Transaction = db()): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM "EmailAccount" e WHERE e.id = ${emailAccountId}::uuid AND holds_links(e)`;
  return rows.length > 0;
}
