import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { COUNT_CAP, type ListParams, type Page } from "@/lib/kernel/paging/schema";
import { findPage } from "@/lib/kernel/paging/store";
import { Prisma } from "@/prisma/generated/client";
import { INCIDENT_COLUMNS } from "../announcements/store";
import { explainAll } from "../explain";
import {
  type ExplainedIncident,
  INCIDENT_STATES,
  type IncidentCount,
  type IncidentFilters,
  type IncidentRow,
  type IncidentSort,
  type IncidentState,
} from "../schema";

const IN_STATE: Readonly<Record<IncidentState, Prisma.Sql>> = {
  open: Prisma.sql`("resolvedAt" IS NULL AND "quietSince" IS NULL)`,
  recovering: Prisma.sql`("resolvedAt" IS NULL AND "quietSince" IS NOT NULL)`,
  over: Prisma.sql`("resolvedAt" IS NOT NULL)`,
};

type FoundRow = IncidentRow & { stateRank: number };

/**
 * The open ones first and of those the widest; then those that recover, and those that are over, the last first.
 * One number, so that a page is entered by it: below 10 million open, below 20 recovering, above 100 over.
 */
const STATE_RANK = Prisma.sql`(CASE WHEN "resolvedAt" IS NOT NULL
    THEN 200000000 - (extract(epoch FROM "openedAt") / 60)::int
  ELSE CASE WHEN "quietSince" IS NULL THEN 0 ELSE 10000000 END + 9999999 - least(accounts, 9999999) END)::int`;

const SORTS = {
  state: { column: STATE_RANK, type: "integer", value: (row: FoundRow) => String(row.stateRank) },
  accounts: {
    column: Prisma.sql`accounts`,
    type: "integer",
    value: (row: FoundRow) => String(row.accounts),
  },
  started: {
    column: Prisma.sql`"openedAt"`,
    type: "timestamptz",
    value: (row: FoundRow) => row.openedAt.toISOString(),
  },
} as const;

/** All incidents that there are, or those in one state. */
export async function listIncidents(
  actor: Actor,
  params: ListParams<IncidentSort> & IncidentFilters,
): Promise<Page<ExplainedIncident>> {
  requirePermission(actor, "incidents:read");
  const { rows, ...page } = await findPage<IncidentSort, FoundRow>({
    params,
    sorts: SORTS,
    id: Prisma.sql`id`,
    select: Prisma.sql`SELECT ${INCIDENT_COLUMNS}, ${STATE_RANK} AS "stateRank" FROM "Incident"`,
    from: Prisma.sql`FROM "Incident"`,
    searched: Prisma.sql`lower(subject)`,
    ...(params.state && { filter: IN_STATE[params.state] }),
  });
  return { rows: await explainAll(db(), rows), ...page };
}

/** How many incidents are in each state, each count capped. */
export async function countIncidents(actor: Actor): Promise<IncidentCount[]> {
  requirePermission(actor, "incidents:read");
  const counts = INCIDENT_STATES.map(
    (state) => Prisma.sql`SELECT ${state} AS state, count(*)::int AS count
      FROM (SELECT 1 FROM "Incident" WHERE ${IN_STATE[state]} LIMIT ${COUNT_CAP + 1}) AS counted`,
  );
  const rows = await db().$queryRaw<{ state: IncidentState; count: number }[]>`
    ${Prisma.join(counts, " UNION ALL ")}`;
  return rows.map(({ state, count }) => ({
    state,
    count: Math.min(count, COUNT_CAP),
    isCapped: count > COUNT_CAP,
  }));
}

/** How many incidents need a person now: for the navigation of every page. */
export function countOpenIncidents(actor: Actor): Promise<number> {
  requirePermission(actor, "incidents:read");
  return db().incident.count({ where: { resolvedAt: null, quietSince: null } });
}
