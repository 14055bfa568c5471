import "server-only";
import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { Page } from "@/lib/kernel/paging/schema";
import { findTurn } from "@/lib/kernel/turns/find-turn";
import type { Turn } from "@/lib/kernel/turns/schema";
import type { Prisma } from "@/prisma/generated/client";
import type { ApiKeyRow } from "./schema";

const SHOWN = 100;

const view = {
  id: true,
  name: true,
  hint: true,
  permissions: true,
  createdAt: true,
  createdByName: true,
  accountIds: true,
  accountKeyPrefix: true,
  addresses: true,
  requestsPerMinute: true,
  lastUsedAt: true,
  expiresAt: true,
} as const satisfies Prisma.ApiKeySelect;

/** The keys that still work, newest first. */
export async function listApiKeys(actor: Actor, turn: Turn = {}): Promise<Page<ApiKeyRow>> {
  requirePermissionToSee(actor, "keys:write");
  const where = { revokedAt: null };
  const { rows: keys, ...page } = await findTurn({
    turn,
    size: SHOWN,
    find: (window) =>
      db().apiKey.findMany({
        where,
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        select: view,
        ...window,
      }),
    count: (bounded) => db().apiKey.count({ where, ...bounded }),
  });
  const names = await accountNames(keys.flatMap(({ accountIds }) => accountIds));
  const rows = keys.map(({ accountIds, accountKeyPrefix, ...key }) => ({
    ...key,
    accounts: accountsText(accountKeyPrefix, accountIds, names),
  }));
  return { rows, ...page };
}

async function accountNames(ids: string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const accounts = await db().emailAccount.findMany({
    where: { id: { in: ids } },
    select: { id: true, name: true },
  });
  return new Map(accounts.map(({ id, name }) => [id, name]));
}

const NAMED = 3;

function accountsText(
  prefix: string | null,
  ids: string[],
  names: ReadonlyMap<string, string>,
): string | null {
  if (prefix !== null) return `keys that begin with “${prefix}”`;
  if (ids.length === 0) return null;
  const named = ids.slice(0, NAMED).map((id) => names.get(id) ?? "a deleted account");
  const rest = ids.length - named.length;
  return rest > 0 ? `${named.join(", ")} and ${rest} more` : named.join(", ");
}
