import "server-only";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import { insertAlert, insertDeliveries, type NewAlert, type Waiting } from "./store";

/** Puts deliveries in line for sending: the rows and their jobs are there together, or neither. */
export type Enqueue = (tx: Transaction, deliveries: Waiting[]) => Promise<void>;

/**
 * Writes an alert with one delivery per channel, in the transaction of its cause. Under each key only one
 * alert is ever raised.
 */
export async function raiseAlert(
  tx: Transaction,
  alert: NewAlert,
  enqueue: Enqueue,
): Promise<void> {
  const alertId = await insertAlert(tx, alert);
  if (!alertId) return;
  const deliveries = await insertDeliveries(tx, alertId);
  if (deliveries.length > 0) await enqueue(tx, deliveries);
  await publish(tx, { type: "alert", id: alertId });
}
