import { fromPrisma, PgBoss } from "pg-boss";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
import { log } from "@/lib/kernel/log";
import type { Transaction } from "@/lib/kernel/transaction";

export const DELIVERIES = "alert-delivery";
export const TESTS = "connection-test";
export const RETENTION = "retention";
/** Where a job is parked that failed every time. */
export const PARKED = "parked";

const seconds = (durationMs: number) => durationMs / SECOND_MS;

/**
 * The job library with its queues, on the connections that there are. Its tables are in a schema of
 * their own, which it migrates by itself; keepers that start at once wait for each other.
 */
export async function startBoss(): Promise<PgBoss> {
  const boss = new PgBoss({ db: { executeSql }, schema: "pgboss" });
  boss.on("error", (error) => log.warn({ error }, "job library"));
  await boss.start();
  await boss.createQueue(PARKED, { retryLimit: 0 });
  // From a minute to six hours apart, for three days: as long as a weekend's outage.
  await boss.createQueue(DELIVERIES, {
    deadLetter: PARKED,
    retryLimit: 20,
    retryDelay: seconds(MINUTE_MS),
    retryBackoff: true,
    retryDelayMax: seconds(6 * HOUR_MS),
    expireInSeconds: seconds(2 * MINUTE_MS),
  });
  // One at once per key, which is the mailbox; five tries.
  await boss.createQueue(TESTS, {
    policy: "singleton",
    deadLetter: PARKED,
    retryLimit: 4,
    retryDelay: seconds(30 * SECOND_MS),
    retryBackoff: true,
    retryDelayMax: seconds(10 * MINUTE_MS),
    expireInSeconds: seconds(2 * MINUTE_MS),
    deleteAfterSeconds: seconds(HOUR_MS),
  });
  await boss.createQueue(RETENTION, { retryLimit: 1, expireInSeconds: seconds(10 * MINUTE_MS) });
  return boss;
}

/** Jobs and turns of the library that a clock put off which ran ahead are due now. */
export async function setJobsRight(): Promise<void> {
  await pool().query(`UPDATE pgboss.job SET start_after = now(), created_on = least(created_on, now())
    WHERE state IN ('created', 'retry') AND start_after > now()
      AND (postkey_is_ahead(created_on) OR postkey_is_ahead(started_on))`);
  await pool().query(`UPDATE pgboss.job SET started_on = now()
    WHERE state = 'active' AND postkey_is_ahead(started_on)`);
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

/** How many jobs wait or run, by their group: what the library itself does not tell. */
export function countInLine(
  tx: Transaction,
  queue: string,
): Promise<{ group: string; count: number }[]> {
  return tx.$queryRaw`SELECT group_id AS "group", count(*)::int AS count FROM pgboss.job
    WHERE name = ${queue} AND state < 'completed' AND group_id IS NOT NULL GROUP BY group_id`;
}
