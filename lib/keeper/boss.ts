import { fromPrisma, PgBoss } from "pg-boss";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
import { log } from "@/lib/kernel/log";
import type { Transaction } from "@/lib/kernel/transaction";
import { RETRIES } from "@/lib/watch/alerts/retries";

export const DELIVERIES = "alert-delivery";
/** Where a job is parked that failed every time. */
export const PARKED = "parked";
/** What a delivery may take: a process that takes longer is dead, and the delivery is in line again. */
export const DELIVERY_MS = 2 * MINUTE_MS;

const seconds = (durationMs: number) => durationMs / SECOND_MS;

/**
 * The job library with its queues, on the connections that there are. Its tables are in a schema of
 * their own, which it migrates by itself; keepers that start at once wait for each other. It has the
 * deliveries of alerts: everything else that a keeper does is leased in rows of our own.
 */
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

/** Makes a job part of a transaction: it is there with what it is about, or not at all. */
export function within(tx: Transaction) {
  return { db: fromPrisma(tx) };
}

async function executeSql(text: string, values?: unknown[]) {
  // Without values a text may hold several statements; pg then answers with a list.
  const results: { rows: unknown[] }[] = [await pool().query(text, values)].flat();
  return { rows: results.flatMap(({ rows }) => rows ?? []) };
}
