import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db, prepared } from "@/lib/kernel/db";
import type { Page } from "@/lib/kernel/paging/schema";
import { type Columns, defineList, integer, time } from "@/lib/kernel/paging/store";
import { Prisma } from "@/prisma/generated/client";
import { INCIDENT_COLUMNS, IS_TOLD, WORST_FIRST } from "../announcements/store";
import { explainAll } from "../messages";
import {
  type ExplainedIncident,
  INCIDENT_STATE_LABELS,
  type IncidentRow,
  type IncidentState,
} from "../schema";
import { incidentSearch } from "../search/queries";

const IN_STATE: Readonly<Record<IncidentState, Prisma.Sql>> = {
  open: Prisma.sql`("resolvedAt" IS NULL AND "quietSince" IS NULL)`,
  recovering: Prisma.sql`("resolvedAt" IS NULL AND "quietSince" IS NOT NULL)`,
  over: Prisma.sql`("resolvedAt" IS NOT NULL)`,
};

const WORST = Prisma.raw("5");

/** Silenced ones last. Without recovering ones and those of inactive accounts alone. */
export async function listWorstIncidents(actor: Actor): Promise<Page<ExplainedIncident>> {
  requirePermission(actor, "incidents:read");
  // Ends: Says how many more there are.
  const rows = await prepared<IncidentRow & { count: number }>(Prisma.sql`
    SELECT ${INCIDENT_COLUMNS}, (count(*) OVER ())::int AS count FROM "Incident" WHERE ${IN_STATE.open}
    ORDER BY ${IS_TOLD} DESC, ${WORST_FIRST} LIMIT ${WORST}`);
  const total = { count: rows[0]?.count ?? 0, isCapped: false };
  return { rows: await explainAll(db(), rows), total };
}

const COLUMNS: Columns<IncidentRow> = INCIDENT_COLUMNS;

export const listIncidents = defineList({
  permission: "incidents:read",
  columns: COLUMNS,
  tables: Prisma.sql`FROM "Incident"`,
  id: Prisma.sql`id`,
  searched: incidentSearch,
  sorts: {
    // One number, so that an index serves the order.
    state: integer(Prisma.sql`incident_rank("openedAt", "quietSince", "resolvedAt", accounts)`),
    started: time(Prisma.sql`"openedAt"`),
  },
  views: {
    open: [INCIDENT_STATE_LABELS.open, IN_STATE.open],
    recovering: [INCIDENT_STATE_LABELS.recovering, IN_STATE.recovering],
    over: [INCIDENT_STATE_LABELS.over, IN_STATE.over],
  },
  filters: {},
  rows: (found) => explainAll(db(), found),
});
