import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { Page } from "@/lib/kernel/paging/schema";
import { findTurn } from "@/lib/kernel/turns/find-turn";
import type { Turn } from "@/lib/kernel/turns/schema";
import type { Mailboxes } from "@/lib/remedies/remedy";
import type { Prisma } from "@/prisma/generated/client";
import { findAnnounced } from "./announcements/store";
import { explainIncident } from "./messages";
import { type ExplainedIncident, incidentKindSchema } from "./schema";
import { manyMailboxes, NAMED_IN_SCRIPT } from "./script";
import { findStoppedMailboxes, type StoppedAccount } from "./stopped/store";

const view = {
  id: true,
  kind: true,
  remedyId: true,
  cloudProviderId: true,
  subject: true,
  accounts: true,
  peakAccounts: true,
  accountNames: true,
  openedAt: true,
  announcedAt: true,
  quietSince: true,
  resolvedAt: true,
} as const satisfies Prisma.IncidentSelect;

const SHOWN = 50;

type OpenTurn = Turn & {
  limit?: number;
  /** Without those that recover: nothing fails any more, or only inactive accounts meet it. */
  onlyFailing?: boolean;
};

/** Open incidents, the widest damage first. */
export async function listOpenIncidents(
  actor: Actor,
  { limit = SHOWN, onlyFailing = false, ...turn }: OpenTurn = {},
): Promise<Page<ExplainedIncident>> {
  requirePermission(actor, "incidents:read");
  const where = { resolvedAt: null, ...(onlyFailing && { quietSince: null }) };
  const { rows, ...page } = await findTurn({
    turn,
    size: limit,
    find: (window) =>
      db().incident.findMany({
        where,
        orderBy: [{ accounts: "desc" }, { openedAt: "asc" }, { id: "asc" }],
        select: view,
        ...window,
      }),
    count: (bounded) => db().incident.count({ where, ...bounded }),
  });
  return { rows: rows.map(explain), ...page };
}

/** Resolved incidents, the last first. */
export async function listPastIncidents(
  actor: Actor,
  turn: Turn = {},
): Promise<Page<ExplainedIncident>> {
  requirePermission(actor, "incidents:read");
  const where = { resolvedAt: { not: null } };
  const { rows, ...page } = await findTurn({
    turn,
    size: SHOWN,
    find: (window) =>
      db().incident.findMany({
        where,
        orderBy: [{ openedAt: "desc" }, { id: "desc" }],
        select: view,
        ...window,
      }),
    count: (bounded) => db().incident.count({ where, ...bounded }),
  });
  return { rows: rows.map(explain), ...page };
}

/** Open incidents that were announced: for the banner above every page. */
export async function listAnnouncedIncidents(actor: Actor): Promise<ExplainedIncident[]> {
  requirePermission(actor, "incidents:read");
  return (await findAnnounced(db())).map(explainIncident);
}

const STOPPED_SHOWN = 100;

export type IncidentDetail = ExplainedIncident & {
  stoppedAccounts: StoppedAccount[];
  /** The mailboxes that a command is to be done for. */
  mailboxes: Mailboxes;
  alerts: { id: string; kind: string; subject: string; createdAt: Date; deliveries: Delivery[] }[];
};

type Delivery = {
  id: string;
  state: string;
  attempts: number;
  result: string | null;
  deliveredAt: Date | null;
  alertChannel: { id: string; name: string };
};

/** Null when it is not there, or not any more. */
export async function findIncident(actor: Actor, id: string): Promise<IncidentDetail | null> {
  requirePermission(actor, "incidents:read");
  const row = await db().incident.findUnique({ where: { id }, select: { ...view, cause: true } });
  if (!row) return null;
  const { cause, ...incident } = row;
  const [stopped, alerts] = await Promise.all([
    row.resolvedAt ? [] : findStoppedMailboxes(db(), { cause, limit: NAMED_IN_SCRIPT }),
    db().alert.findMany({
      where: { incidentId: id },
      orderBy: { createdAt: "asc" },
      select: {
        id: true,
        kind: true,
        subject: true,
        createdAt: true,
        deliveries: {
          orderBy: { id: "asc" },
          select: {
            id: true,
            state: true,
            attempts: true,
            result: true,
            deliveredAt: true,
            alertChannel: { select: { id: true, name: true } },
          },
        },
      },
    }),
  ]);
  const stoppedAccounts = stopped
    .slice(0, STOPPED_SHOWN)
    .map(({ id, name, emailAddress }) => ({ id, name, emailAddress }));
  return {
    ...explain(incident),
    stoppedAccounts,
    alerts,
    mailboxes: manyMailboxes(incident, stopped),
  };
}

type ViewRow = Prisma.IncidentGetPayload<{ select: typeof view }>;

function explain(row: ViewRow): ExplainedIncident {
  return explainIncident({ ...row, kind: incidentKindSchema.parse(row.kind) });
}
