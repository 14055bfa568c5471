import { randomUUID } from "node:crypto";
import { z } from "zod";
import { DAY_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import { only } from "@/lib/kernel/words";
import type { ServiceId } from "@/lib/oauth/schema";
import { ROTATION_LATE_DAYS } from "@/lib/registrations/schema";
import type { Prisma } from "@/prisma/generated/client";
import { KEPT_DAYS } from "../retention";
import { type AlertKind, targetSchema } from "./schema";

export type NewAlert = {
  kind: AlertKind;
  dedupeKey: string;
  incidentId: string | null;
  subject: string;
  text: string;
  payload: Prisma.InputJsonObject;
};

/** @returns null if its key has an alert */
export async function insertAlert(tx: Transaction, alert: NewAlert): Promise<string | null> {
  const [created] = await tx.alert.createManyAndReturn({
    data: [alert],
    skipDuplicates: true,
    select: { id: true },
  });
  return created?.id ?? null;
}

export type Waiting = { id: string; alertChannelId: string };

export async function insertDeliveries(tx: Transaction, alertId: string): Promise<Waiting[]> {
  const channels = await tx.alertChannel.findMany({
    where: { enabled: true },
    select: { id: true },
  });
  const rows = channels.map(({ id }) => ({ id: randomUUID(), alertId, alertChannelId: id }));
  await tx.alertDelivery.createMany({ data: rows });
  return rows;
}

export type ExpiringSecret = {
  clientCredentialId: string;
  cloudProviderId: string;
  provider: string;
  service: ServiceId;
  kind: string;
  hint: string;
  expiresAt: Date;
};

export function findExpiringSecrets(tx: Transaction, { now, until }: { now: Date; until: Date }) {
  return tx.$queryRaw<ExpiringSecret[]>`
    SELECT c.id AS "clientCredentialId", p.id AS "cloudProviderId", p.name AS provider, p.service,
      c.kind, c.hint, c."expiresAt"
    FROM "ClientCredential" c JOIN "CloudProvider" p ON p.id = c."cloudProviderId"
    WHERE c."supersededAt" IS NULL AND c."expiresAt" <= ${until}
      -- What Postkey renews by itself needs no one, unless it fails or is late.
      AND NOT (p."autoRotate" AND p."rotationFailureId" IS NULL
        AND c."expiresAt" > ${now}::timestamptz + make_interval(days => ${ROTATION_LATE_DAYS}))
    ORDER BY c."expiresAt", c.id`;
}

export async function findTold(tx: Transaction, dedupeKeys: string[]): Promise<Set<string>> {
  const rows = await tx.alert.findMany({
    where: { dedupeKey: { in: dedupeKeys } },
    select: { dedupeKey: true },
  });
  return new Set(rows.map(({ dedupeKey }) => dedupeKey));
}

export async function findDependents(tx: Transaction, cloudProviderId: string) {
  const where = { cloudProviderId, active: true };
  const [count, rows] = await Promise.all([
    tx.emailAccount.count({ where }),
    tx.emailAccount.findMany({
      where,
      orderBy: { nameKey: "asc" },
      // Ends: Names; the count stands beside them.
      take: 20,
      select: { name: true },
    }),
  ]);
  return { count, names: rows.map(({ name }) => name) };
}

export type PendingDelivery = NonNullable<Awaited<ReturnType<typeof findPendingDelivery>>>;

/** @param alsoDisabled a test goes to a disabled channel too */
export async function findPendingDelivery(
  id: string,
  { tx = db(), alsoDisabled = false }: { tx?: Transaction; alsoDisabled?: boolean } = {},
) {
  const alertChannel = alsoDisabled ? {} : { enabled: true };
  const row = await tx.alertDelivery.findFirst({
    where: { id, state: "pending", alertChannel },
    select: {
      ...only("id alertId alertChannelId"),
      alert: { select: { subject: true, text: true, payload: true, createdAt: true } },
      alertChannel: { select: { target: true, secretSealed: true, addressSealed: true } },
    },
  });
  if (!row) return null;
  const { alert, alertChannel: channel, ...ids } = row;
  const payload = payloadSchema.parse(alert.payload);
  return { ...ids, ...alert, ...channel, payload, target: targetSchema.parse(channel.target) };
}

const payloadSchema = z.record(z.string(), z.unknown());

export async function saveDelivered(delivery: PendingDelivery, result: string): Promise<void> {
  const now = await databaseNow();
  const isOver = { state: "delivered", deliveredAt: now };
  await saveAttempt(delivery, { ...isOver, lastAttemptAt: now, result }, [
    [{}, { lastDeliveredAt: now, failingSince: null, failureText: null }],
  ]);
}

/** The channel fails until something arrives again. */
export async function saveFailed(
  delivery: PendingDelivery,
  { text, isLast }: { text: string; isLast: boolean },
): Promise<void> {
  const now = await databaseNow();
  const isOver = isLast && { state: "given_up" };
  await saveAttempt(delivery, { ...isOver, lastAttemptAt: now, result: text }, [
    [{}, { failureText: text }],
    [{ failingSince: null }, { failingSince: now }],
  ]);
}

type ChannelChange = [Prisma.AlertChannelWhereInput, Prisma.AlertChannelUpdateManyMutationInput];

async function saveAttempt(
  { id, alertId, alertChannelId }: PendingDelivery,
  attempt: Prisma.AlertDeliveryUpdateManyMutationInput,
  ofChannel: readonly ChannelChange[],
): Promise<void> {
  await db().$transaction(async (tx) => {
    const data = { ...attempt, attempts: { increment: 1 } };
    await tx.alertDelivery.updateMany({ where: { id }, data });
    for (const [where, change] of ofChannel)
      await tx.alertChannel.updateMany({ where: { ...where, id: alertChannelId }, data: change });
    await publish(tx, { type: "alert", id: alertId });
  });
}

/** Their channel recovered, or their job is lost or was put off by a clock that ran ahead. */
export async function findDeliverable(): Promise<Waiting[]> {
  // Ends: The next look takes those that are left.
  return db().$queryRaw<Waiting[]>`
    SELECT d.id, d."alertChannelId" FROM "AlertDelivery" d
    JOIN "AlertChannel" c ON c.id = d."alertChannelId"
    JOIN "Alert" a ON a.id = d."alertId"
    WHERE d.state = 'pending' AND c.enabled AND (c."failingSince" IS NULL
      OR coalesce(d."lastAttemptAt", a."createdAt") < now() - interval '7 hours'
      OR postkey_is_ahead(coalesce(d."lastAttemptAt", a."createdAt")))
    ORDER BY d.id LIMIT 500`;
}

/** @returns the delivery's id */
export async function insertTestDelivery(
  tx: Transaction,
  alertChannelId: string,
  alert: Pick<NewAlert, "subject" | "text" | "payload">,
): Promise<string> {
  const id = randomUUID();
  await tx.alert.create({
    data: {
      ...alert,
      kind: "test",
      dedupeKey: `test:${randomUUID()}`,
      deliveries: { create: { id, alertChannelId } },
    },
    select: { id: true },
  });
  return id;
}

export async function deleteOldAlerts(): Promise<void> {
  await db().alert.deleteMany({
    where: { createdAt: { lt: await databaseNow(-KEPT_DAYS * DAY_MS) } },
  });
}
