import "server-only";
import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { ListParams, Page, ViewCount } from "@/lib/kernel/paging/schema";
import { allOf, findPage } from "@/lib/kernel/paging/store";
import { findViewCounts } from "@/lib/kernel/paging/views/store";
import { Prisma } from "@/prisma/generated/client";
import {
  ADMINISTRATOR_VIEWS,
  type AdministratorFilters,
  type AdministratorRow,
  type AdministratorSort,
  type AdministratorView,
  type Profile,
} from "./schema";
import { hasFactors, isAskedForFactor } from "./store";

const FROM = Prisma.sql`FROM "Administrator" a`;
const LAST_SEEN = Prisma.sql`(SELECT max(s."lastSeenAt") FROM "Session" s WHERE s."administratorId" = a.id)`;

const COMPANIES = Prisma.sql`
  (SELECT c.name FROM "CompanySignIn" c WHERE c.id = a."managedById") AS "managedBy",
  (SELECT c.name FROM "CompanySignIn" c WHERE c.id = a."disabledByCompanyId") AS "disabledBy"`;

/** As the column says it: no, only beside a password that lets in alone, yes. */
const FACTOR_RANK = Prisma.sql`(${hasFactors}::int + ${isAskedForFactor}::int)`;

type FoundRow = AdministratorRow & { nameKey: string; isDisabled: number; factorRank: number };

const NEVER = new Date(0);

const SEARCHED = Prisma.sql`lower(a.name || ' ' || a.email)`;
/** Without indexes: there are no more rows than people. */
const SORTS = {
  created: {
    column: Prisma.sql`a."createdAt"`,
    type: "timestamptz",
    value: (row: FoundRow) => row.createdAt.toISOString(),
  },
  name: { column: Prisma.sql`lower(a.name)`, type: "text", value: (row: FoundRow) => row.nameKey },
  email: { column: Prisma.sql`a.email`, type: "text", value: (row: FoundRow) => row.email },
  role: { column: Prisma.sql`a.role`, type: "text", value: (row: FoundRow) => row.role },
  secondFactor: {
    column: FACTOR_RANK,
    type: "integer",
    value: (row: FoundRow) => String(row.factorRank),
  },
  lastSeen: {
    column: Prisma.sql`coalesce(${LAST_SEEN}, 'epoch'::timestamptz)`,
    type: "timestamptz",
    value: (row: FoundRow) => (row.lastSeenAt ?? NEVER).toISOString(),
  },
  status: {
    column: Prisma.sql`(a."disabledAt" IS NOT NULL)::int`,
    type: "integer",
    value: (row: FoundRow) => String(row.isDisabled),
  },
} as const;

const CONDITIONS: Readonly<Record<AdministratorView, Prisma.Sql>> = {
  active: Prisma.sql`a."disabledAt" IS NULL`,
  disabled: Prisma.sql`a."disabledAt" IS NOT NULL`,
};

const OLDEST_FIRST = { search: "", sort: "created", direction: "asc" } as const;

/** Everyone who can sign in, or once could. */
export async function listAdministrators(
  actor: Actor,
  params: ListParams<AdministratorSort> & AdministratorFilters = OLDEST_FIRST,
): Promise<Page<AdministratorRow>> {
  requirePermissionToSee(actor, "administrators:read");
  const { rows, ...page } = await findPage<AdministratorSort, FoundRow>({
    params,
    sorts: SORTS,
    id: Prisma.sql`a.id`,
    select: Prisma.sql`SELECT a.id, a.name, a.email, a.role, a."createdAt", a."disabledAt", ${LAST_SEEN} AS "lastSeenAt",
      ${hasFactors} AS "hasFactors", ${isAskedForFactor} AS "isAskedForFactor", ${COMPANIES}, lower(a.name) AS "nameKey", (a."disabledAt" IS NOT NULL)::int AS "isDisabled",
      ${FACTOR_RANK} AS "factorRank" ${FROM}`,
    from: FROM,
    searched: SEARCHED,
    filter: administratorFilter(params),
  });
  return { rows: rows.map(({ nameKey, isDisabled, factorRank, ...row }) => row), ...page };
}

function administratorFilter({ view, role, factors }: AdministratorFilters): Prisma.Sql {
  return allOf([
    view && CONDITIONS[view],
    role && Prisma.sql`a.role = ${role}`,
    factors && (factors === "with" ? isAskedForFactor : Prisma.sql`NOT ${isAskedForFactor}`),
  ]);
}

/** How many administrators each view has, of those that a search and the other filters find. */
export async function countAdministratorViews(
  actor: Actor,
  search = "",
  filters: AdministratorFilters = {},
): Promise<ViewCount<AdministratorView>[]> {
  requirePermissionToSee(actor, "administrators:read");
  return findViewCounts({
    views: ADMINISTRATOR_VIEWS,
    from: FROM,
    conditions: CONDITIONS,
    filter: administratorFilter({ ...filters, view: undefined }),
    search,
    searched: SEARCHED,
  });
}

/** @returns null when there is none */
export async function findAdministrator(
  actor: Actor,
  id: string,
): Promise<AdministratorRow | null> {
  requirePermissionToSee(actor, "administrators:read");
  const [row] = await db().$queryRaw<AdministratorRow[]>`
    SELECT a.id, a.name, a.email, a.role, a."createdAt", a."disabledAt", ${LAST_SEEN} AS "lastSeenAt",
      ${hasFactors} AS "hasFactors", ${isAskedForFactor} AS "isAskedForFactor", ${COMPANIES} ${FROM}
    WHERE a.id = ${id}::uuid`;
  return row ?? null;
}

/**
 * The person who asks.
 * @returns null for a program
 * @permission none: every person may see themselves.
 */
export async function findOneself(actor: Actor): Promise<Profile | null> {
  if (actor.kind !== "user") return null;
  const [person] = await db().$queryRaw<Profile[]>`
    SELECT name, email, role, "createdAt", "passwordHash" IS NOT NULL AS "hasPassword" FROM "Administrator" WHERE id = ${actor.id}::uuid`;
  return person ?? null;
}
