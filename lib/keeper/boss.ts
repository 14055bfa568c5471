import { fromPrisma, PgBoss } from "pg-boss";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
import { log } from "@/lib/kernel/log";
import type { Transaction } from "@/lib/kernel/transaction";
import { RETRIES } from "@/lib/watch/alerts/retries";

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
