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
 * Sends the deliveries in line, to four channels at once and one after the other to each: a channel that does
 * not answer does not delay the others, however much waits for it.
 */
export async function startDeliveries(boss: PgBoss): Promise<void> {
  const atOnce = { localConcurrency: 4, localGroupConcurrency: 1 };
  const options = { includeMetadata: true, batchSize: 1, ...atOnce } as const;
  await boss.work(DELIVERIES, options, async ([job]: JobWithMetadata<DeliveryJob>[]) => {
    if (job) await runDelivery(job);
  });
}

/** The row prevents a second delivery: once delivered, it is no longer pending. */
async function runDelivery(job: JobWithMetadata<DeliveryJob>): Promise<void> {
  const delivery = await findPendingDelivery(job.data.alertDeliveryId);
  if (delivery) await deliver(actor, delivery, { isLast: job.retryCount >= job.retryLimit });
}

/**
 * Releases at once deliveries that wait although their channel works again, or because a clock ran ahead;
 * the pause between attempts may be six hours by then. A job that was done while its channel was switched
 * off is created again, and so is one of a keeper that died: it is in line once its time has run out.
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
