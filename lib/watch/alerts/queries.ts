import { z } from "zod";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { defineShortList } from "@/lib/kernel/paging/short-list";
import { findSection } from "@/lib/kernel/sections/find-section";
import type { Position } from "@/lib/kernel/sections/schema";
import { nameKey } from "@/lib/kernel/text/normalize";
import { only } from "@/lib/kernel/words";
import type { Prisma } from "@/prisma/generated/client";
import {
  type AlertChannelDetail,
  type AlertChannelRow,
  alertKindSchema,
  CHANNEL_KINDS,
  deliveryStateSchema,
  type Target,
  targetFields,
  targetSchema,
} from "./schema";

const view = {
  ...only(
    "id name enabled sendsLinks linksStoppedAt target version secretSealed",
    "lastDeliveredAt failingSince failureText",
  ),
  _count: { select: { deliveries: { where: { state: "pending" } } } },
} as const satisfies Prisma.AlertChannelSelect;

const RANKS = { failing: 0, untested: 1, working: 2, off: 3 } as const;

function stateOf({ enabled, failingSince, lastDeliveredAt }: AlertChannelRow): keyof typeof RANKS {
  if (!enabled) return "off";
  if (failingSince) return "failing";
  return lastDeliveredAt ? "working" : "untested";
}

export const listAlertChannels = defineShortList({
  permission: "alerts:read",
  async read() {
    const rows = await db().alertChannel.findMany({ select: view });
    return rows.map((row): AlertChannelRow => {
      const { target, version, hasSecret, ...shown } = detail(row);
      return shown;
    });
  },
  sorts: {
    name: ({ name }) => nameKey(name),
    target: ({ targetText }) => nameKey(targetText),
    state: (row) => RANKS[stateOf(row)],
    lastDelivered: ({ lastDeliveredAt }) => lastDeliveredAt,
  },
  views: {
    failing: ["Failing", (row) => stateOf(row) === "failing"],
    untested: ["Not tested", (row) => stateOf(row) === "untested"],
    off: ["Switched off", (row) => stateOf(row) === "off"],
  },
  filters: { kind: z.enum(CHANNEL_KINDS, { error: "This kind does not exist." }).optional() },
  where: (row, { kind }) => kind === undefined || row.kind === kind,
  searched: ({ name, targetText }) => [name, targetText],
});

export async function findAlertChannel(actor: Actor, id: string) {
  requirePermission(actor, "alerts:read");
  const row = await db().alertChannel.findUnique({ where: { id }, select: view });
  return row && detail(row);
}

export async function findEditedAlertChannel(actor: Actor, id: string) {
  requirePermission(actor, "alerts:write");
  const row = await db().alertChannel.findUnique({ where: { id }, select: view });
  if (!row) return null;
  const { version, name, enabled, sendsLinks, kind, target } = detail(row);
  const { origin: _origin, ...fields } = targetFields(target);
  return { version, name, enabled, sendsLinks, kind, ...fields, password: "", url: "" };
}

const deliveryView = {
  ...only("id state attempts lastAttemptAt deliveredAt result"),
  alert: { select: { kind: true, subject: true, createdAt: true } },
} as const satisfies Prisma.AlertDeliverySelect;

export async function listDeliveries(
  actor: Actor,
  alertChannelId: string,
  position: Position = {},
) {
  requirePermission(actor, "alerts:read");
  const where = { alertChannelId };
  const { rows, ...page } = await findSection({
    position,
    size: 50,
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

export type DeliveryRow = Awaited<ReturnType<typeof listDeliveries>>["rows"][number];

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
