import "server-only";
import { protocolSchema } from "@/lib/egress/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import type { Page } from "@/lib/kernel/paging/schema";
import { findTurn } from "@/lib/kernel/turns/find-turn";
import type { Turn } from "@/lib/kernel/turns/schema";
import type { Prisma } from "@/prisma/generated/client";
import type { DeviceRow, DeviceState, GatewayDescription } from "./schema";

const SHOWN = 50;

const view = {
  id: true,
  name: true,
  prefix: true,
  emailAccountId: true,
  protocols: true,
  senders: true,
  networks: true,
  messagesPerMinute: true,
  expiresAt: true,
  paused: true,
  createdAt: true,
  createdByName: true,
  lastUsedAt: true,
  lastAddress: true,
  lastClient: true,
  lastTlsVersion: true,
  messages: true,
  bytes: true,
  emailAccount: { select: { name: true, emailAddress: true, active: true } },
} as const satisfies Prisma.DeviceSelect;

type Shown = Prisma.DeviceGetPayload<{ select: typeof view }>;

/** The devices that are not revoked, newest first: all, or those of one account. */
export async function listDevices(
  actor: Actor,
  {
    emailAccountId,
    limit = SHOWN,
    ...turn
  }: Turn & { emailAccountId?: string; limit?: number } = {},
): Promise<Page<DeviceRow>> {
  requirePermission(actor, "devices:read");
  const where = { revokedAt: null, ...(emailAccountId !== undefined && { emailAccountId }) };
  const now = await databaseNow();
  const { rows, ...page } = await findTurn({
    turn,
    size: limit,
    find: (window) =>
      db().device.findMany({
        where,
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        select: view,
        ...window,
      }),
    count: (bounded) => db().device.count({ where, ...bounded }),
  });
  return { rows: rows.map((row) => toRow(row, now)), ...page };
}

/** Null when there is none, or it was revoked. */
export async function findDevice(actor: Actor, id: string): Promise<DeviceRow | null> {
  requirePermission(actor, "devices:read");
  const row = await db().device.findFirst({ where: { id, revokedAt: null }, select: view });
  return row && toRow(row, await databaseNow());
}

function toRow({ emailAccount, paused, protocols, ...row }: Shown, now: Date): DeviceRow {
  return {
    ...row,
    protocols: protocolSchema.array().parse(protocols),
    messages: Number(row.messages),
    bytes: Number(row.bytes),
    accountName: emailAccount.name,
    emailAddress: emailAccount.emailAddress,
    state: stateOf({ paused, expiresAt: row.expiresAt, isActive: emailAccount.active }, now),
  };
}

type Stands = { paused: boolean; expiresAt: Date | null; isActive: boolean };

function stateOf({ paused, expiresAt, isActive }: Stands, now: Date): DeviceState {
  if (expiresAt && expiresAt <= now) return "expired";
  if (paused) return "paused";
  return isActive ? "active" : "account_inactive";
}

/** Where devices connect, as this installation is configured. */
export function describeGateway(actor: Actor): GatewayDescription {
  requirePermission(actor, "devices:read");
  const { deviceHost: host, deviceListeners, deviceCertificate } = env();
  const listeners = deviceListeners.map(({ protocol, tls, port }) => ({ protocol, tls, port }));
  return { host, listeners, hasOwnAuthority: deviceCertificate === undefined };
}
