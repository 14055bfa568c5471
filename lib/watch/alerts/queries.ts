import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
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

/** The last deliveries of a channel, newest first. */
export async function listDeliveries(actor: Actor, alertChannelId: string): Promise<DeliveryRow[]> {
  requirePermission(actor, "alerts:read");
  const rows = await db().alertDelivery.findMany({
    where: { alertChannelId },
    orderBy: { alert: { createdAt: "desc" } },
    take: LOG,
    select: {
      id: true,
      state: true,
      attempts: true,
      lastAttemptAt: true,
      deliveredAt: true,
      result: true,
      alert: { select: { kind: true, subject: true, createdAt: true } },
    },
  });
  return rows.map(({ alert, ...row }) => ({
    ...row,
    state: deliveryStateSchema.parse(row.state),
    subject: alert.subject,
    kind: alertKindSchema.parse(alert.kind),
    createdAt: alert.createdAt,
  }));
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
