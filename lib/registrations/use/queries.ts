import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { NAMED_IN_SCRIPT } from "@/lib/remedies/fill-command";
import type { ProviderUse } from "../schema";

export async function getProviderUse(actor: Actor, id: string): Promise<ProviderUse> {
  requirePermission(actor, "providers:read");
  const where = { cloudProviderId: id };
  const [accounts, accountCount] = await Promise.all([
    db().emailAccount.findMany({
      where,
      orderBy: { nameKey: "asc" },
      // Ends: Names; the count stands beside them.
      take: 20,
      select: { id: true, name: true },
    }),
    db().emailAccount.count({ where }),
  ]);
  return { accounts, accountCount };
}

/** The mailboxes that the accounts of a provider open, once each: the first by name, and how many in all. */
export async function listProviderMailboxes(
  actor: Actor,
  id: string,
): Promise<{ mailboxes: string[]; count: number }> {
  requirePermission(actor, "providers:read");
  // Ends: Says how many more there are.
  const rows = await db().$queryRaw<{ mailbox: string; count: number }[]>`
    SELECT mailbox, count(*) OVER ()::int AS count FROM (
      SELECT DISTINCT coalesce(mailbox, "emailAddress") AS mailbox FROM "EmailAccount"
      WHERE "cloudProviderId" = ${id}::uuid
    ) AS opened ORDER BY mailbox LIMIT ${NAMED_IN_SCRIPT}`;
  return { mailboxes: rows.map(({ mailbox }) => mailbox), count: rows[0]?.count ?? 0 };
}
