import { db } from "@/lib/kernel/db";
import { ended, endsSoonAt } from "@/lib/kernel/ends";
import { defineShortList } from "@/lib/kernel/paging/short-list";
import { nameKey } from "@/lib/kernel/text/normalize";
import { findMakerNotes } from "@/lib/people/makers/queries";
import { KEY_PERMISSIONS } from "./schema";

const NO_END = new Date(8.64e15);

export const listApiKeys = defineShortList({
  permission: "keys:write",
  read: readKeys,
  direction: "desc",
  sorts: {
    created: ({ createdAt }) => createdAt,
    name: ({ name }) => nameKey(name),
    lastUsed: ({ lastUsedAt }) => lastUsedAt,
    expires: ({ expiresAt }) => expiresAt ?? NO_END,
  },
  views: {
    active: ["Active", ({ expiresAt }) => !ended(expiresAt)],
    expiring: ["Expiring", ({ expiresAt }) => endsSoonAt(expiresAt)],
    expired: ["Expired", ({ expiresAt }) => ended(expiresAt)],
    unused: ["Never used", ({ lastUsedAt }) => lastUsedAt === null],
    orphaned: ["Creator lost access", ({ makerNote }) => makerNote !== null],
  },
  filters: {},
  searched: ({ name, hint, createdByName, permissionsText }) => [
    [name, hint, createdByName, permissionsText].join(" "),
  ],
});

export type ApiKeyRow = Awaited<ReturnType<typeof readKeys>>[number];

async function readKeys() {
  // Ends: Keys are made by hand.
  const keys = await db().apiKey.findMany({ where: { revokedAt: null }, omit: { keyHash: true } });
  const [names, notes] = await Promise.all([
    accountNames(keys.flatMap(({ accountIds }) => accountIds)),
    findMakerNotes(keys),
  ]);
  return keys.map(({ accountIds, accountKeyPrefix, createdById, ...key }, index) => ({
    ...key,
    permissionsText: key.permissions.map((each) => WORDS[each] ?? each).join(", "),
    accounts: accountsText(accountKeyPrefix, accountIds, names),
    makerNote: notes[index] ?? null,
  }));
}

/** In the words of the form; an older permission as it is. */
const WORDS: Readonly<Record<string, string | undefined>> = KEY_PERMISSIONS;

async function accountNames(ids: string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const accounts = await db().emailAccount.findMany({
    where: { id: { in: ids } },
    select: { id: true, name: true },
  });
  return new Map(accounts.map(({ id, name }) => [id, name]));
}

const NAMED = 3;

/** Null for all. @param names by id, of those that still exist */
function accountsText(prefix: string | null, ids: string[], names: ReadonlyMap<string, string>) {
  if (prefix !== null) return `keys that begin with “${prefix}”`;
  if (ids.length === 0) return null;
  const named = ids.slice(0, NAMED).map((id) => names.get(id) ?? "a deleted account");
  const rest = ids.length - named.length;
  return rest > 0 ? `${named.join(", ")} and ${rest} more` : named.join(", ");
}
