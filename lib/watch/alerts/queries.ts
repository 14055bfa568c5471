import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { Page } from "@/lib/kernel/paging/schema";
import { findTurn } from "@/lib/kernel/turns/find-turn";
import type { Turn } from "@/lib/kernel/turns/schema";
import type { Prisma } from "@/prisma/generated/client";
import {
  type AlertChannelDetail,
  type AlertChannelRow,
  alertKindSchema,
  type DeliveryRow,
  deliveryStateSchema,
  type Target,
  targetSchema,
} from "./schema";

const view = {
  id: true,
  name: true,
  enabled: true,
  target: true,
  version: true,
  secretSealed: true,
  lastDeliveredAt: true,
  failingSince: true,
  failureText: true,
  _count: { select: { deliveries: { where: { state: "pending" } } } },
} as const satisfies Prisma.AlertChannelSelect;

/** All of them: an installation has a handful. */
export async function listAlertChannels(actor: Actor): Promise<AlertChannelRow[]> {
  requirePermission(actor, "alerts:read");
  const rows = await db().alertChannel.findMany({ orderBy: { nameKey: "asc" }, select: view });
  return rows.map((row) => {
    const { target, version, hasSecret, ...shown } = detail(row);
    return shown;
  });
}

/** Null when it was deleted. */
export async function findAlertChannel(
  actor: Actor,
  id: string,
): Promise<AlertChannelDetail | null> {
  requirePermission(actor, "alerts:read");
  const row = await db().alertChannel.findUnique({ where: { id }, select: view });
  return row && detail(row);
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

/** The channels through which nothing arrives, with what waits: for the banner above every page. */
export async function listFailingChannels(actor: Actor) {
  requirePermission(actor, "alerts:read");
  return db().alertChannel.findMany({
    where: { enabled: true, failingSince: { not: null } },
    orderBy: { failingSince: "asc" },
    select: { id: true, name: true, failingSince: true },
  });
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
