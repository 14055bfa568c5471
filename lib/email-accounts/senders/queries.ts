import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { CHOICES_SHOWN, type Choices } from "@/lib/kernel/choices/schema";
import { findChoices } from "@/lib/kernel/choices/store";
import { Prisma } from "@/prisma/generated/client";
import { ACCOUNT_SEARCH } from "../filters/queries";

/** Those that work come first; each part is in the order of an index. */
const IN_ORDER = [
  Prisma.sql`e.state = 'connected'`,
  Prisma.sql`e.state = 'password'`,
  Prisma.sql`e.active AND e.state NOT IN ('connected', 'password')`,
];

/** What can send, each with how it stands: those that work first. */
export async function searchSenders(actor: Actor, search: string): Promise<Choices> {
  requirePermission(actor, "accounts:read");
  const found: Choices["found"] = [];
  for (const filter of IN_ORDER) {
    const part = await findChoices({
      select: Prisma.sql`SELECT e.id, e.name, e."emailAddress" AS detail, e.state FROM "EmailAccount" e`,
      filter,
      searched: ACCOUNT_SEARCH,
      search,
      orderBy: Prisma.sql`e."nameKey", e.id`,
    });
    found.push(...part.found);
    if (part.hasMore || found.length > CHOICES_SHOWN)
      return { found: found.slice(0, CHOICES_SHOWN), hasMore: true };
  }
  return { found, hasMore: false };
}
