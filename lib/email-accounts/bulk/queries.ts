import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { Prisma } from "@/prisma/generated/client";
import { accountFilter } from "../filters/queries";
import { accountSearch } from "../queries";
import { accountScope } from "../store";
import type { Selection } from "./schema";

/** SQL: the accounts `e` that were selected, of those that the actor reaches. */
export function selectedAccounts(selection: Selection, actor: Actor): Prisma.Sql {
  const scope = accountScope(actor);
  return selection.accounts === "selected"
    ? Prisma.sql`e.id = ANY(${selection.emailAccountIds}::uuid[]) AND ${scope}`
    : Prisma.sql`${accountSearch(selection.search)} AND ${accountFilter(selection)} AND ${scope}`;
}
