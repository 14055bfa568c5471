import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { ListParams, Page, ViewCount } from "@/lib/kernel/paging/schema";
import { allOf, findPage } from "@/lib/kernel/paging/store";
import { findViewCounts } from "@/lib/kernel/paging/views/store";
import { findTurn } from "@/lib/kernel/turns/find-turn";
import type { Turn } from "@/lib/kernel/turns/schema";
import { Prisma } from "@/prisma/generated/client";
import {
  ALERT_CHANNEL_VIEWS,
  type AlertChannelDetail,
  type AlertChannelFilters,
  type AlertChannelRow,
  type AlertChannelSort,
  type AlertChannelView,
  alertKindSchema,
  type DeliveryRow,
  deliveryStateSchema,
  type Target,
  targetFields,
  targetSchema,
} from "./schema";

const view = {
  id: true,
  name: true,
  enabled: true,
  sendsLinks: true,
  linksStoppedAt: true,
  target: true,
  version: true,
  secretSealed: true,
  lastDeliveredAt: true,
  failingSince: true,
  failureText: true,
  _count: { select: { deliveries: { where: { state: "pending" } } } },
} as const satisfies Prisma.AlertChannelSelect;

const FROM = Prisma.sql`FROM "AlertChannel" c`;
/** Where it leads, as far as the list shows it. */
const TARGET = Prisma.sql`lower(coalesce(c.target->>'origin', c.target->'recipients'->>0, ''))`;
const SEARCHED = Prisma.sql`(c."nameKey" || ' ' || ${TARGET})`;
/** Those that fail come first. */
const RANK = Prisma.sql`CASE WHEN NOT c.enabled THEN 3 WHEN c."failingSince" IS NOT NULL THEN 0
  WHEN c."lastDeliveredAt" IS NULL THEN 1 ELSE 2 END`;
const LAST = Prisma.sql`coalesce(c."lastDeliveredAt", 'epoch'::timestamptz)`;

type Found = { id: string; nameKey: string; targetKey: string; rank: number; last: Date };

const SORTS = {
  name: { column: Prisma.sql`c."nameKey"`, type: "text", value: (row: Found) => row.nameKey },
  target: { column: TARGET, type: "text", value: (row: Found) => row.targetKey },
  state: { column: RANK, type: "integer", value: (row: Found) => String(row.rank) },
  lastDelivered: {
    column: LAST,
    type: "timestamptz",
    value: (row: Found) => row.last.toISOString(),
  },
} as const;

const CONDITIONS: Readonly<Record<AlertChannelView, Prisma.Sql>> = {
  failing: Prisma.sql`${RANK} = 0`,
  untested: Prisma.sql`${RANK} = 1`,
  off: Prisma.sql`${RANK} = 3`,
};

const BY_NAME = { search: "", sort: "name", direction: "asc" } as const;

export async function listAlertChannels(
  actor: Actor,
  params: ListParams<AlertChannelSort> & AlertChannelFilters = BY_NAME,
): Promise<Page<AlertChannelRow>> {
  requirePermission(actor, "alerts:read");
  const { rows: found, ...page } = await findPage<AlertChannelSort, Found>({
    params,
    sorts: SORTS,
    id: Prisma.sql`c.id`,
    select: Prisma.sql`SELECT c.id, c."nameKey", ${TARGET} AS "targetKey", ${RANK} AS rank, ${LAST} AS last ${FROM}`,
    from: FROM,
    searched: SEARCHED,
    filter: allOf([params.view && CONDITIONS[params.view], ofKind(params.kind)]),
  });
  const ids = found.map(({ id }) => id);
  const rows = await db().alertChannel.findMany({ where: { id: { in: ids } }, select: view });
  const shown = rows.map((row) => {
    const { target, version, hasSecret, ...rest } = detail(row);
    return rest;
  });
  shown.sort((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
  return { rows: shown, ...page };
}

/** How many channels each view has, of those that a search and a kind find. */
export async function countAlertChannelViews(
  actor: Actor,
  search = "",
  { kind }: AlertChannelFilters = {},
): Promise<ViewCount<AlertChannelView>[]> {
  requirePermission(actor, "alerts:read");
  return findViewCounts({
    views: ALERT_CHANNEL_VIEWS,
    from: FROM,
    conditions: CONDITIONS,
    filter: allOf([ofKind(kind)]),
    search,
    searched: SEARCHED,
  });
}

const ofKind = (kind: AlertChannelFilters["kind"]) => kind && Prisma.sql`c.kind = ${kind}`;

/** Null when it was deleted. */
export async function findAlertChannel(
  actor: Actor,
  id: string,
): Promise<AlertChannelDetail | null> {
  requirePermission(actor, "alerts:read");
  const row = await db().alertChannel.findUnique({ where: { id }, select: view });
  return row && detail(row);
}

/** What an edit of a channel begins with, for those who may change it; null when it was deleted. */
export async function findEditedAlertChannel(actor: Actor, id: string) {
  requirePermission(actor, "alerts:write");
  const row = await db().alertChannel.findUnique({ where: { id }, select: view });
  if (!row) return null;
  const { version, name, enabled, sendsLinks, kind, target } = detail(row);
  const { origin: _origin, ...fields } = targetFields(target);
  return { version, name, enabled, sendsLinks, kind, ...fields, password: "", url: "" };
}

const LOG = 50;

const deliveryView = {
  id: true,
  state: true,
  attempts: true,
  lastAttemptAt: true,
  deliveredAt: true,
  result: true,
  alert: { select: { kind: true, subject: true, createdAt: true } },
} as const satisfies Prisma.AlertDeliverySelect;

/** The deliveries of a channel, those of the newest alert first. */
export async function listDeliveries(
  actor: Actor,
  alertChannelId: string,
  turn: Turn = {},
): Promise<Page<DeliveryRow>> {
  requirePermission(actor, "alerts:read");
  const where = { alertChannelId };
  const { rows, ...page } = await findTurn({
    turn,
    size: LOG,
    find: (window) =>
      db().alertDelivery.findMany({
        where,
        orderBy: [{ alert: { createdAt: "desc" } }, { id: "desc" }],
        select: deliveryView,
        ...window,
      }),
    count: (bounded) => db().alertDelivery.count({ where, ...bounded }),
  });
  const shown = rows.map(({ alert, ...row }) => ({
    ...row,
    state: deliveryStateSchema.parse(row.state),
    subject: alert.subject,
    kind: alertKindSchema.parse(alert.kind),
    createdAt: alert.createdAt,
  }));
  return { rows: shown, ...page };
}

function detail(row: Prisma.AlertChannelGetPayload<{ select: typeof view }>): AlertChannelDetail {
  const { secretSealed, _count, target: stored, ...shown } = row;
  const target = targetSchema.parse(stored);
  return {
    ...shown,
    kind: target.kind,
    target,
    targetText: targetText(target),
    hasSecret: secretSealed !== null,
    pending: _count.deliveries,
  };
}

function targetText(target: Target): string {
  if (target.kind === "webhook") return target.origin && `${target.origin}/…`;
  const [first = "", ...rest] = target.recipients;
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}
