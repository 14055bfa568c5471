import { fromPrisma, type JobWithMetadata, PgBoss } from "pg-boss";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { pool } from "@/lib/kernel/db";
import { log } from "@/lib/kernel/log";
import { mintActor } from "@/lib/kernel/mint-actor";
import type { Transaction } from "@/lib/kernel/transaction";
import { deliver } from "@/lib/watch/alerts/deliver";
import type { Enqueue } from "@/lib/watch/alerts/raise";
import { RETRIES } from "@/lib/watch/alerts/retries";
import { findDeliverable, findPendingDelivery, type Waiting } from "@/lib/watch/alerts/store";

export const DELIVERIES = "alert-delivery";
export const PARKED = "parked";
/** A slower process is dead, and the delivery is queued again. */
export const DELIVERY_MS = 2 * MINUTE_MS;

const seconds = (durationMs: number) => durationMs / SECOND_MS;

/** For alert deliveries only; pg-boss migrates its own schema, one keeper at a time. */
export async function startBoss(): Promise<PgBoss> {
  const boss = new PgBoss({ db: { executeSql }, schema: "pgboss", schedule: false });
  boss.on("error", (error) => log.warn({ error }, "job library"));
  await boss.start();
  await boss.createQueue(PARKED, { retryLimit: 0 });
  await boss.createQueue(DELIVERIES, {
    deadLetter: PARKED,
    retryLimit: RETRIES.limit,
    retryDelay: seconds(RETRIES.firstMs),
    retryBackoff: true,
    retryDelayMax: seconds(RETRIES.longestMs),
    expireInSeconds: seconds(DELIVERY_MS),
  });
  return boss;
}

/** The job exists if and only if the transaction commits. */
export function within(tx: Transaction) {
  return { db: fromPrisma(tx) };
}

async function executeSql(text: string, values?: unknown[]) {
  // A text without values may hold several statements; pg then returns a list.
  const results: { rows: unknown[] }[] = [await pool().query(text, values)].flat();
  return { rows: results.flatMap(({ rows }) => rows ?? []) };
}

type DeliveryJob = { alertDeliveryId: string };

const actor = mintActor({
  kind: "job",
  id: "alerts",
  name: "Postkey",
  permissions: new Set(["mail:send"]),
});

/** The job's id is the delivery's, so it is queued once. */
export function enqueueDeliveries(boss: PgBoss): Enqueue {
  return async (tx, deliveries) => {
    await boss.insert(DELIVERIES, deliveries.map(jobOf), within(tx));
  };
}

function jobOf({ id, alertChannelId }: Waiting) {
  return { id, data: { alertDeliveryId: id }, group: { id: alertChannelId } };
}

/** Four channels at once, one delivery each: a silent channel delays no other. */
export async function startDeliveries(boss: PgBoss): Promise<void> {
  const atOnce = { localConcurrency: 4, localGroupConcurrency: 1 };
  const options = { includeMetadata: true, batchSize: 1, ...atOnce } as const;
  await boss.work(DELIVERIES, options, async ([job]: JobWithMetadata<DeliveryJob>[]) => {
    // The row prevents a second delivery.
    const delivery = job && (await findPendingDelivery(job.data.alertDeliveryId));
    if (delivery) await deliver(actor, delivery, { isLast: job.retryCount >= job.retryLimit });
  });
}

/** Pauses may be six hours when a channel recovers, and jobs may be lost with their keeper. */
export async function requeueDeliveries(boss: PgBoss): Promise<void> {
  for (const delivery of await findDeliverable()) await letGo(boss, delivery);
}

async function letGo(boss: PgBoss, delivery: Waiting): Promise<void> {
  const { id } = delivery;
  const now = await databaseNow();
  const job = await boss.getJobById<DeliveryJob>(DELIVERIES, id);
  if (job?.state === "created" || job?.state === "retry") {
    if (job.startAfter > now) await boss.update(DELIVERIES, job.data, { id, startAfter: now });
    return;
  }
  if (job?.state !== "active") return remake(boss, delivery, { afterMs: 0 });
  // The library waits for this time, written by a clock that ran ahead.
  if (job.startedOn > now) await remake(boss, delivery, { afterMs: DELIVERY_MS });
}

async function remake(boss: PgBoss, delivery: Waiting, { afterMs }: { afterMs: number }) {
  await boss.deleteJob(DELIVERIES, delivery.id);
  await boss.insert(DELIVERIES, [{ ...jobOf(delivery), startAfter: afterMs / SECOND_MS }]);
}
