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

async function remake(
  boss: PgBoss,
  delivery: Waiting,
  { afterMs }: { afterMs: number },
): Promise<void> {
  await boss.deleteJob(DELIVERIES, delivery.id);
  await boss.insert(DELIVERIES, [{ ...jobOf(delivery), startAfter: afterMs / SECOND_MS }]);
}
