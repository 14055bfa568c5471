import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import { insertAlert, insertDeliveries, type NewAlert, type Waiting } from "./store";

/** Rows and jobs together, or neither. */
export type Enqueue = (tx: Transaction, deliveries: Waiting[]) => Promise<void>;

/** One per key, in the transaction of its cause. */
export async function raiseAlert(tx: Transaction, alert: NewAlert, enqueue: Enqueue) {
  const alertId = await insertAlert(tx, alert);
  if (!alertId) return;
  const deliveries = await insertDeliveries(tx, alertId);
  if (deliveries.length > 0) await enqueue(tx, deliveries);
  await publish(tx, { type: "alert", id: alertId });
}
