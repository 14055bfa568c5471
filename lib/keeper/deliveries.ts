import type { JobWithMetadata, PgBoss } from "pg-boss";
import { SECOND_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { mintActor } from "@/lib/kernel/mint-actor";
import { deliver } from "@/lib/watch/alerts/deliver";
import type { Enqueue } from "@/lib/watch/alerts/raise";
import { findDeliverable, findPendingDelivery, type Waiting } from "@/lib/watch/alerts/store";
import { DELIVERIES, DELIVERY_MS, within } from "./boss";

type DeliveryJob = { alertDeliveryId: string };

const actor = mintActor({
  kind: "job",
  id: "alerts",
  name: "Postkey",
  permissions: new Set(["mail:send"]),
});

/** A job has the id of its delivery: however often it is put in line, it is there once. */
export function enqueueDeliveries(boss: PgBoss): Enqueue {
  return async (tx, deliveries) => {
    const jobs = deliveries.map(jobOf);
    await boss.insert(DELIVERIES, jobs, within(tx));
  };
}

function jobOf({ id, alertChannelId }: Waiting) {
  return { id, data: { alertDeliveryId: id }, group: { id: alertChannelId } };
}

/**
 * Sends what is in line, to four channels at once and one after the other to each: however much waits for
 * one that does not answer, it does not hold up the others.
 */
export async function startDeliveries(boss: PgBoss): Promise<void> {
  const atOnce = { localConcurrency: 4, localGroupConcurrency: 1 };
  const options = { includeMetadata: true, batchSize: 1, ...atOnce } as const;
  await boss.work(DELIVERIES, options, async ([job]: JobWithMetadata<DeliveryJob>[]) => {
    if (job) await runDelivery(job);
  });
}

/** Delivering twice is prevented by the row: what is delivered is no longer pending. */
export async function runDelivery(job: JobWithMetadata<DeliveryJob>): Promise<void> {
  const delivery = await findPendingDelivery(job.data.alertDeliveryId);
  if (delivery) await deliver(actor, delivery, { isLast: job.retryCount >= job.retryLimit });
}

/**
 * Lets go at once what waits although its channel works again, or because a clock ran ahead; the pause
 * between attempts may be six hours by then. A job that was done while its channel was switched off is
 * made anew, and so is one of a keeper that died: it is in line when its time would have been over.
 */
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
  // The library waits for the time at which it began, which a clock wrote that ran ahead.
  if (job.startedOn > now) await remake(boss, delivery, { afterMs: DELIVERY_MS });
}

async function remake(
  boss: PgBoss,
  delivery: Waiting,
  { afterMs }: { afterMs: number },
): Promise<void> {
  await boss.deleteJob(DELIVERIES, delivery.id);
  await boss.insert(DELIVERIES, [{ ...jobOf(delivery), startAfter: afterMs / SECOND_MS }]);
}
