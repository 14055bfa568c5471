import "server-only";
import { protocolSchema } from "@/lib/egress/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { lastIsoDayOf } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import type { Page } from "@/lib/kernel/paging/schema";
import { findSection } from "@/lib/kernel/sections/find-section";
import type { Position } from "@/lib/kernel/sections/schema";
import type { Transaction } from "@/lib/kernel/transaction";
import { findMakerNotes, NEEDED_FOR_DEVICES } from "@/lib/people/makers/queries";
import type { Prisma } from "@/prisma/generated/client";
import type { DeviceRow, DeviceState, GatewayDescription } from "./schema";

const SHOWN = 50;

const editedView = {
  version: true,
  name: true,
  emailAccountId: true,
  protocols: true,
  senders: true,
  rewriteFrom: true,
  networks: true,
  messagesPerMinute: true,
  expiresAt: true,
} as const satisfies Prisma.DeviceSelect;

const view = {
  ...editedView,
  id: true,
  prefix: true,
  paused: true,
  createdAt: true,
  createdByName: true,
  createdById: true,
  revokedAt: true,
  revokedByName: true,
  lastUsedAt: true,
  lastAddress: true,
  lastClient: true,
  lastTlsVersion: true,
  lastRefusedAt: true,
  messages: true,
  bytes: true,
  emailAccount: { select: { name: true, emailAddress: true, active: true } },
} as const satisfies Prisma.DeviceSelect;

type Shown = Prisma.DeviceGetPayload<{ select: typeof view }>;

export async function listDevicesOfAccount(
  actor: Actor,
  { emailAccountId, ...position }: Position & { emailAccountId: string },
): Promise<Page<DeviceRow>> {
  requirePermission(actor, "devices:read");
  const where = { revokedAt: null, emailAccountId };
  const now = await databaseNow();
  const { rows, ...page } = await findSection({
    position,
    size: SHOWN,
    find: (window) =>
      db().device.findMany({
        where,
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        select: view,
        ...window,
      }),
    count: (bounded) => db().device.count({ where, ...bounded }),
  });
  return { rows: await toRows(rows, now), ...page };
}

export async function findDevice(actor: Actor, id: string): Promise<DeviceRow | null> {
  requirePermission(actor, "devices:read");
  return (await findDevices([id], null))[0] ?? null;
}

/** What is left of a device that was revoked; null when there is none, or it was not. */
export async function findRevokedDevice(actor: Actor, id: string) {
  requirePermission(actor, "devices:read");
  const row = await db().device.findUnique({
    where: { id },
    select: {
      id: true,
      name: true,
      emailAccountId: true,
      revokedAt: true,
      revokedByName: true,
      emailAccount: { select: { name: true } },
    },
  });
  if (!row?.revokedAt) return null;
  const { emailAccount, revokedAt, ...rest } = row;
  return { ...rest, revokedAt, accountName: emailAccount.name };
}
export type RevokedDevice = NonNullable<Awaited<ReturnType<typeof findRevokedDevice>>>;

/** The fields of an edit, as they are now; null when there is no such device, or it was revoked. */
export async function findEditedDevice(actor: Actor, id: string, tx: Transaction = db()) {
  requirePermission(actor, "devices:write");
  const device = await tx.device.findFirst({ where: { id, revokedAt: null }, select: editedView });
  if (!device) return null;
  const { protocols, expiresAt, ...rest } = device;
  const expiresOn = expiresAt && lastIsoDayOf(expiresAt);
  return { ...rest, protocols: protocolSchema.array().parse(protocols), expiresOn };
}

/** These devices in their order, for a list that has chosen them. @param revokedAt null for those alone that are not */
export async function findDevices(ids: readonly string[], revokedAt?: null): Promise<DeviceRow[]> {
  const where = { id: { in: [...ids] }, ...(revokedAt === null && { revokedAt }) };
  const [rows, now] = await Promise.all([
    db().device.findMany({ where, select: view }),
    databaseNow(),
  ]);
  const byId = new Map((await toRows(rows, now)).map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

async function toRows(rows: readonly Shown[], now: Date): Promise<DeviceRow[]> {
  const permissions = NEEDED_FOR_DEVICES;
  const notes = await findMakerNotes(rows.map(({ createdById }) => ({ createdById, permissions })));
  return rows.map((row, index) => ({ ...toRow(row, now), makerNote: notes[index] ?? null }));
}

function toRow(
  { emailAccount, protocols, createdById, ...row }: Shown,
  now: Date,
): Omit<DeviceRow, "makerNote"> {
  const { expiresAt, paused, revokedAt } = row;
  return {
    ...row,
    expiresOn: expiresAt && lastIsoDayOf(expiresAt),
    protocols: protocolSchema.array().parse(protocols),
    messages: Number(row.messages),
    bytes: Number(row.bytes),
    accountName: emailAccount.name,
    emailAddress: emailAccount.emailAddress,
    state: stateOf({ revokedAt, paused, expiresAt, isActive: emailAccount.active }, now),
  };
}

type Stands = Pick<Shown, "revokedAt" | "paused" | "expiresAt"> & { isActive: boolean };

function stateOf({ revokedAt, paused, expiresAt, isActive }: Stands, now: Date): DeviceState {
  if (revokedAt) return "revoked";
  if (expiresAt && expiresAt <= now) return "expired";
  if (paused) return "paused";
  return isActive ? "active" : "account_inactive";
}

/** Where devices connect, as this installation is configured. */
export function describeGateway(actor: Actor): GatewayDescription {
  requirePermission(actor, "devices:read");
  const { deviceHost: host, deviceListeners, deviceCertificate } = env();
  const listeners = deviceListeners.map(({ protocol, tls, port, oldTls, plaintext }) => ({
    protocol,
    tls,
    port,
    ...(oldTls && { oldTls }),
    ...(plaintext.length > 0 && { plaintext }),
  }));
  return { host, listeners, hasOwnAuthority: deviceCertificate === undefined };
}
