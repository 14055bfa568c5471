import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db, prepared } from "@/lib/kernel/db";
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
import {
  byTitle,
  findTitles,
  foundByTitle,
  INCIDENT_SEARCH,
  incidentSearch,
  titleKey,
} from "../titles/queries";

const IN_STATE: Readonly<Record<IncidentState, Prisma.Sql>> = {
  open: Prisma.sql`("resolvedAt" IS NULL AND "quietSince" IS NULL)`,
  recovering: Prisma.sql`("resolvedAt" IS NULL AND "quietSince" IS NOT NULL)`,
  over: Prisma.sql`("resolvedAt" IS NOT NULL)`,
};

type FoundRow = IncidentRow & { stateRank: number; seconds: number };

/** One number, so that a page is entered by it; an index has it. */
const STATE_RANK = Prisma.sql`incident_rank("openedAt", "quietSince", "resolvedAt", accounts)`;

/** An index has it as well. */
const SECONDS = Prisma.sql`incident_seconds("openedAt", "firstOpenedAt", "quietSince", "resolvedAt")`;

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
  duration: { column: SECONDS, type: "integer", value: (row: FoundRow) => String(row.seconds) },
} as const;

const BY_TITLE = {
  type: "text",
  value: (row: FoundRow) => titleKey(row.remedyId, row.kind === "rotation"),
} as const;

const WORST = Prisma.raw("5");

/**
 * The open incidents with the widest damage, and how many there are: without those that recover, where nothing
 * fails any more or only inactive accounts meet it.
 */
export async function listWorstIncidents(actor: Actor): Promise<Page<ExplainedIncident>> {
  requirePermission(actor, "incidents:read");
  // Ends: Says how many more there are.
  const rows = await prepared<IncidentRow & { count: number }>(Prisma.sql`
    SELECT ${INCIDENT_COLUMNS}, (count(*) OVER ())::int AS count FROM "Incident" WHERE ${IN_STATE.open}
    ORDER BY accounts DESC, "openedAt", id LIMIT ${WORST}`);
  const total = { count: rows[0]?.count ?? 0, isCapped: false };
  return { rows: await explainAll(db(), rows), total };
}

/** All incidents that there are, or those in one state. */
export async function listIncidents(
  actor: Actor,
  params: ListParams<IncidentSort> & IncidentFilters,
): Promise<Page<ExplainedIncident>> {
  requirePermission(actor, "incidents:read");
  const { search, sort } = params;
  const titles = search === "" && sort !== "what" ? [] : await findTitles();
  const { rows, ...page } = await findPage<IncidentSort, FoundRow>({
    params,
    sorts: { ...SORTS, what: { ...BY_TITLE, ...byTitle(titles) } },
    id: Prisma.sql`id`,
    select: Prisma.sql`SELECT ${INCIDENT_COLUMNS}, ${STATE_RANK} AS "stateRank", ${SECONDS} AS seconds
      FROM "Incident"`,
    from: Prisma.sql`FROM "Incident"`,
    searched: INCIDENT_SEARCH,
    ...(search !== "" && { alsoFound: foundByTitle(search, titles) }),
    ...(params.state && { filter: IN_STATE[params.state] }),
  });
  return { rows: await explainAll(db(), rows), ...page };
}

/** How many of the incidents that a search finds are in each state, each count capped. */
export async function countIncidents(actor: Actor, search = ""): Promise<IncidentCount[]> {
  requirePermission(actor, "incidents:read");
  const found = await incidentSearch(search);
  const counts = INCIDENT_STATES.map(
    // Ends: Shown as “1,000+”.
    (state) => Prisma.sql`SELECT ${state} AS state, count(*)::int AS count
      FROM (SELECT 1 FROM "Incident" WHERE ${IN_STATE[state]} AND ${found}
        LIMIT ${COUNT_CAP + 1}) AS counted`,
  );
  const rows = await db().$queryRaw<{ state: IncidentState; count: number }[]>`
    ${Prisma.join(counts, " UNION ALL ")}`;
  return rows.map(({ state, count }) => ({
    state,
    count: Math.min(count, COUNT_CAP),
    isCapped: count > COUNT_CAP,
  }));
}
