import "server-only";
import { type Actor, requirePermissionOnAccounts } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { Prisma } from "@/prisma/generated/client";
import { accountFilter } from "../filters/queries";
import { accountSearch } from "../queries";
import { accountScope } from "../store";
import type { SelectedNow, Selection } from "./schema";

/** SQL: the accounts `e` that were selected, of those that the actor reaches. */
export function selectedAccounts(selection: Selection, actor: Actor): Prisma.Sql {
  const scope = accountScope(actor);
  return selection.accounts === "selected"
    ? Prisma.sql`e.id = ANY(${selection.emailAccountIds}::uuid[]) AND ${scope}`
    : Prisma.sql`${accountSearch(selection.search)} AND ${accountFilter(selection)} AND ${scope}`;
}

/** How many accounts are selected, exactly: what a person confirms. */
export async function countSelected(actor: Actor, selection: Selection): Promise<SelectedNow> {
  requirePermissionOnAccounts(actor, "accounts:read");
  const [row] = await db().$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM "EmailAccount" e WHERE ${selectedAccounts(selection, actor)}`;
  const count = row?.count ?? 0;
  const asked = selection.accounts === "selected" ? selection.emailAccountIds.length : count;
  return { count, missing: Math.max(0, asked - count) };
}
