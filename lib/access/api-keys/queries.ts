import "server-only";
import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { ApiKeyRow } from "./schema";

/** The keys that still work, newest first. */
export async function listApiKeys(actor: Actor): Promise<ApiKeyRow[]> {
  requirePermissionToSee(actor, "keys:write");
  const keys = await db().apiKey.findMany({
    where: { revokedAt: null },
    orderBy: { createdAt: "desc" },
    take: 200,
    select: {
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
    },
  });
  const names = await accountNames(keys.flatMap(({ accountIds }) => accountIds));
  return keys.map(({ accountIds, accountKeyPrefix, ...key }) => ({
    ...key,
    accounts: accountsText(accountKeyPrefix, accountIds, names),
  }));
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
