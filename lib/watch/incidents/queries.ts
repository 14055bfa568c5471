import { manyMailboxes } from "@/lib/email-accounts/repair-object";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Page } from "@/lib/kernel/paging/schema";
import { findSection } from "@/lib/kernel/sections/find-section";
import type { Position } from "@/lib/kernel/sections/schema";
import { only } from "@/lib/kernel/words";
import { NAMED_IN_SCRIPT } from "@/lib/remedies/fill-command";
import { explainAll, explainIncident } from "./messages";
import { type ExplainedIncident, type IncidentRow, incidentKindSchema } from "./schema";
import { incidentSearch } from "./search/queries";
import { findStoppedMailboxes } from "./stopped/store";
import { findRepairObjects } from "./store";

export async function listOpenIncidents(
  actor: Actor,
  { limit = 50, search = "", ...position }: Position & { limit?: number; search?: string } = {},
): Promise<Page<ExplainedIncident>> {
  requirePermission(actor, "incidents:read");
  const where = {
    resolvedAt: null,
    ...(search !== "" && { id: { in: await findOpenIds(search) } }),
  };
  const { rows, ...page } = await findSection({
    position,
    size: limit,
    find: (window) =>
      db().incident.findMany({
        where,
        orderBy: [{ accounts: "desc" }, { openedAt: "asc" }, { id: "asc" }],
        omit: { cause: true },
        ...window,
      }),
    count: (bounded) => db().incident.count({ where, ...bounded }),
  });
  return { rows: await explainAll(db(), rows.map(typed)), ...page };
}

async function findOpenIds(search: string): Promise<string[]> {
  const rows = await db().$queryRaw<{ id: string }[]>`
    SELECT id FROM "Incident" WHERE "resolvedAt" IS NULL AND ${incidentSearch(search)}`;
  return rows.map(({ id }) => id);
}

const STOPPED_SHOWN = 100;

export async function findIncident(actor: Actor, id: string) {
  requirePermission(actor, "incidents:read");
  const row = await db().incident.findUnique({ where: { id } });
  if (!row) return null;
  const { cause, ...found } = row;
  const incident = typed(found);
  const [objects, stopped, channels, alerts] = await Promise.all([
    findRepairObjects(db(), [incident]),
    row.resolvedAt ? [] : findStoppedMailboxes(db(), { cause, limit: NAMED_IN_SCRIPT }),
    db().alertChannel.count({ where: { enabled: true } }),
    db().alert.findMany({
      where: { incidentId: id },
      orderBy: { createdAt: "asc" },
      select: {
        ...only("id kind subject createdAt"),
        deliveries: {
          orderBy: { id: "asc" },
          select: {
            ...only("id state attempts result deliveredAt"),
            alertChannel: { select: { id: true, name: true } },
          },
        },
      },
    }),
  ]);
  const stoppedAccounts = stopped
    .slice(0, STOPPED_SHOWN)
    .map(({ id, name, emailAddress }) => ({ id, name, emailAddress }));
  const object = objects.get(id) ?? {};
  return {
    ...explainIncident(incident, object),
    object,
    stoppedAccounts,
    alerts,
    channels,
    mailboxes: manyMailboxes(incident, stopped),
  };
}

export type IncidentDetail = NonNullable<Awaited<ReturnType<typeof findIncident>>>;

/** By name. @throws AppError not_found */
export async function findStoppedIds(actor: Actor, id: string, limit: number): Promise<string[]> {
  requirePermission(actor, "incidents:read");
  const row = await db().incident.findUnique({ where: { id }, select: { cause: true } });
  if (!row) throw new AppError("not_found", "This incident no longer exists.");
  const stopped = await findStoppedMailboxes(db(), { cause: row.cause, limit });
  return stopped.map((account) => account.id);
}

function typed(row: Omit<IncidentRow, "kind"> & { kind: string }): IncidentRow {
  return { ...row, kind: incidentKindSchema.parse(row.kind) };
}
