import "server-only";
import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { endsSoon, goesOn } from "@/lib/kernel/ends";
import type { ListParams, Page, ViewCount } from "@/lib/kernel/paging/schema";
import { allOf, findPage } from "@/lib/kernel/paging/store";
import { findViewCounts } from "@/lib/kernel/paging/views/store";
import { Prisma } from "@/prisma/generated/client";
import { findMakerNotes, isMakerLost, joinMaker } from "../makers/store";
import {
  API_KEY_VIEWS,
  type ApiKeyFilters,
  type ApiKeyRow,
  type ApiKeySort,
  type ApiKeyView,
  KEY_PERMISSIONS,
} from "./schema";

const CREATED_BY = Prisma.sql`k."createdById"`;
const FROM = Prisma.sql`FROM "ApiKey" k ${joinMaker(CREATED_BY)}`;
const WORKS = Prisma.sql`k."revokedAt" IS NULL`;

const WORDS = Object.entries(KEY_PERMISSIONS).map(
  ([permission, word]) => Prisma.sql`(${permission}::text, ${word}::text)`,
);
/** SQL: what the key `k` may do, in the words of the form. */
const PERMISSIONS_TEXT = Prisma.sql`(SELECT string_agg(coalesce(w.word, g.permission), ', ' ORDER BY g.nth)
  FROM unnest(k.permissions) WITH ORDINALITY g (permission, nth)
  LEFT JOIN (VALUES ${Prisma.join(WORDS)}) w (permission, word) ON w.permission = g.permission)`;

const ROW = Prisma.sql`SELECT k.id, k.name, lower(k.name) AS "nameKey", k.hint, k.permissions, k."createdAt",
    k."createdByName", k."createdById", k."accountIds", k."accountKeyPrefix", k.addresses, k."requestsPerMinute",
    k."lastUsedAt", k."expiresAt", ${PERMISSIONS_TEXT} AS "permissionsText",
    cardinality(k."accountIds") AS "accountCount" ${FROM}`;

type FoundRow = Omit<ApiKeyRow, "accounts" | "makerNote"> & {
  createdById: string | null;
  nameKey: string;
  accountIds: string[];
  accountKeyPrefix: string | null;
  accountCount: number;
};

const NEVER = new Date(0);
/** As the indexes have it: what does not end comes after all that does. */
const NO_END = new Date("9999-12-31T00:00:00.000Z");

const SEARCHED = Prisma.sql`lower(concat_ws(' ', k.name, k.hint, k."createdByName", ${PERMISSIONS_TEXT}))`;

const SORTS = {
  created: {
    column: Prisma.sql`k."createdAt"`,
    type: "timestamptz",
    value: (row: FoundRow) => row.createdAt.toISOString(),
  },
  name: { column: Prisma.sql`lower(k.name)`, type: "text", value: (row: FoundRow) => row.nameKey },
  key: { column: Prisma.sql`k.hint`, type: "text", value: (row: FoundRow) => row.hint },
  permissions: {
    column: PERMISSIONS_TEXT,
    type: "text",
    value: (row: FoundRow) => row.permissionsText,
  },
  accounts: {
    column: Prisma.sql`cardinality(k."accountIds")`,
    type: "integer",
    value: (row: FoundRow) => String(row.accountCount),
  },
  lastUsed: {
    column: Prisma.sql`coalesce(k."lastUsedAt", 'epoch'::timestamptz)`,
    type: "timestamptz",
    value: (row: FoundRow) => (row.lastUsedAt ?? NEVER).toISOString(),
  },
  expires: {
    column: Prisma.sql`coalesce(k."expiresAt", '9999-12-31 00:00:00+00'::timestamptz)`,
    type: "timestamptz",
    value: (row: FoundRow) => (row.expiresAt ?? NO_END).toISOString(),
  },
} as const;

const CONDITIONS: Readonly<Record<ApiKeyView, Prisma.Sql>> = {
  active: Prisma.raw(goesOn(`k."expiresAt"`)),
  expiring: Prisma.raw(endsSoon(`k."expiresAt"`)),
  expired: Prisma.sql`k."expiresAt" <= now()`,
  unused: Prisma.sql`k."lastUsedAt" IS NULL`,
  orphaned: isMakerLost({ createdById: CREATED_BY, permissions: Prisma.sql`k.permissions` }),
};

const NEWEST_FIRST = { search: "", sort: "created", direction: "desc" } as const;

/** The keys that were not revoked. */
export async function listApiKeys(
  actor: Actor,
  params: ListParams<ApiKeySort> & ApiKeyFilters = NEWEST_FIRST,
): Promise<Page<ApiKeyRow>> {
  requirePermissionToSee(actor, "keys:write");
  const { rows: keys, ...page } = await findPage<ApiKeySort, FoundRow>({
    params,
    sorts: SORTS,
    id: Prisma.sql`k.id`,
    select: ROW,
    from: FROM,
    searched: SEARCHED,
    filter: allOf([WORKS, params.view && CONDITIONS[params.view]]),
  });
  const [names, notes] = await Promise.all([
    accountNames(keys.flatMap(({ accountIds }) => accountIds)),
    findMakerNotes(keys),
  ]);
  const rows = keys.map(
    ({ accountIds, accountKeyPrefix, nameKey, accountCount, createdById, ...key }, index) => ({
      ...key,
      accounts: accountsText(accountKeyPrefix, accountIds, names),
      makerNote: notes[index] ?? null,
    }),
  );
  return { rows, ...page };
}

/** How many keys each view has, of those that a search finds. */
export async function countApiKeyViews(
  actor: Actor,
  search = "",
): Promise<ViewCount<ApiKeyView>[]> {
  requirePermissionToSee(actor, "keys:write");
  return findViewCounts({
    views: API_KEY_VIEWS,
    from: FROM,
    conditions: CONDITIONS,
    scope: WORKS,
    search,
    searched: SEARCHED,
  });
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

/** Which accounts a key is for; null for all. @param names by id, of those that still exist */
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
