import { lacksServer, protocolSchema } from "@/lib/egress/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { lastIsoDayOf } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { endsSoon, goesOn } from "@/lib/kernel/ends";
import { env } from "@/lib/kernel/env";
import { idSchema } from "@/lib/kernel/fields/schema";
import type { Page } from "@/lib/kernel/paging/schema";
import { type Columns, defineList, text, time } from "@/lib/kernel/paging/store";
import { findSection } from "@/lib/kernel/sections/find-section";
import type { Position } from "@/lib/kernel/sections/schema";
import type { Transaction } from "@/lib/kernel/transaction";
import { only } from "@/lib/kernel/words";
import { findMakerNotes, isMakerLost, NEEDED_FOR_DEVICES } from "@/lib/people/makers/queries";
import { Prisma } from "@/prisma/generated/client";
import type { DeviceRow, DeviceState, GatewayDescription } from "./schema";

const editedView = only(
  "version name emailAccountId protocols senders rewriteFrom networks messagesPerMinute",
  "expiresAt",
) satisfies Prisma.DeviceSelect;

const view = {
  ...editedView,
  ...only(
    "id prefix paused createdAt createdByName createdById revokedAt revokedByName",
    "lastUsedAt lastAddress lastClient lastTlsVersion lastRefusedAt messages bytes",
  ),
  emailAccount: {
    select: { name: true, emailAddress: true, active: true, hosts: true, sendsBy: true },
  },
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
    size: 50,
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

export async function findRevokedDevice(actor: Actor, id: string) {
  requirePermission(actor, "devices:read");
  const row = await db().device.findUnique({
    where: { id },
    select: {
      ...only("id name emailAccountId revokedAt revokedByName"),
      emailAccount: { select: { name: true } },
    },
  });
  if (!row?.revokedAt) return null;
  const { emailAccount, revokedAt, ...rest } = row;
  return { ...rest, revokedAt, accountName: emailAccount.name };
}
export type RevokedDevice = NonNullable<Awaited<ReturnType<typeof findRevokedDevice>>>;

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

function toRow({ emailAccount, createdById, ...row }: Shown, now: Date) {
  const { expiresAt, paused, revokedAt } = row;
  const protocols = protocolSchema.array().parse(row.protocols);
  return {
    ...row,
    expiresOn: expiresAt && lastIsoDayOf(expiresAt),
    protocols,
    withoutServer: protocols.filter((protocol) => lacksServer(emailAccount.hosts, protocol)),
    messages: Number(row.messages),
    bytes: Number(row.bytes),
    accountName: emailAccount.name,
    sendsByGraph: emailAccount.sendsBy === "graph",
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

const WORKS = Prisma.sql`d."revokedAt" IS NULL`;
const LASTS = Prisma.raw(goesOn(`d."expiresAt"`));
const COLUMNS: Columns<{ id: string }> = Prisma.sql`d.id`;

const working = (condition: Prisma.Sql) => Prisma.sql`${WORKS} AND ${condition}`;

/** The devices that are not revoked; in the view of those that are, these alone. Each order has its index. */
export const listDevices = defineList({
  permission: "devices:read",
  columns: COLUMNS,
  // Each has its account: LEFT, because PostgreSQL then drops the join where no column is read.
  tables: Prisma.sql`FROM "Device" d LEFT JOIN "EmailAccount" e ON e.id = d."emailAccountId"
    LEFT JOIN "Administrator" m ON m.id = d."createdById"`,
  id: Prisma.sql`d.id`,
  searched: Prisma.sql`(d."nameKey" || ' ' || d.prefix || ' ' || d."accountKey")`,
  usual: WORKS,
  sorts: {
    created: time(Prisma.sql`d."createdAt"`),
    name: text(Prisma.sql`d."nameKey"`),
    account: text(Prisma.sql`d."accountKey"`),
    lastUsed: time(Prisma.sql`coalesce(d."lastUsedAt", 'epoch'::timestamptz)`),
    // What does not end comes after all that does.
    expires: time(Prisma.sql`coalesce(d."expiresAt", '9999-12-31 00:00:00+00'::timestamptz)`),
  },
  direction: "desc",
  views: {
    active: ["Active", working(Prisma.sql`NOT d.paused AND e.active AND ${LASTS}`)],
    paused: ["Paused", working(Prisma.sql`d.paused`)],
    expiring: ["Expiring", working(Prisma.raw(endsSoon(`d."expiresAt"`)))],
    expired: ["Expired", working(Prisma.sql`d."expiresAt" <= now()`)],
    unused: [
      "Never used",
      working(Prisma.sql`coalesce(d."lastUsedAt", 'epoch'::timestamptz) = 'epoch'::timestamptz`),
    ],
    refused: [
      "Refused in 24 hours",
      working(Prisma.sql`d."lastRefusedAt" > now() - interval '24 hours'`),
    ],
    orphaned: [
      "Creator lost access",
      working(
        isMakerLost({
          createdById: Prisma.sql`d."createdById"`,
          permissions: Prisma.sql`${NEEDED_FOR_DEVICES}::text[]`,
        }),
      ),
    ],
    revoked: ["Revoked", Prisma.sql`d."revokedAt" IS NOT NULL`],
  },
  filters: { emailAccountId: idSchema.optional(), protocol: protocolSchema.optional() },
  where: ({ emailAccountId, protocol }) => [
    emailAccountId && Prisma.sql`d."emailAccountId" = ${emailAccountId}::uuid`,
    protocol && Prisma.sql`${protocol} = ANY(d.protocols)`,
  ],
  rows: (found) => findDevices(found.map(({ id }) => id)),
});
