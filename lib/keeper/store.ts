import "server-only";
import { fromNow, MINUTE_MS, SECOND_MS } from "@/lib/clock";
import { db, pool } from "@/lib/db";

const SILENT_AFTER_MS = 30 * SECOND_MS;

const BEAT_EVERY_MS = 5 * SECOND_MS;
let beatAt = 0;

/** A sign of life, every few seconds however often it is called. */
export async function beat(keeperId: string): Promise<void> {
  if (Date.now() - beatAt < BEAT_EVERY_MS) return;
  beatAt = Date.now();
  await pool().query(
    `INSERT INTO "KeeperHeartbeat" ("keeperId") VALUES ($1)
     ON CONFLICT ("keeperId") DO UPDATE SET "beatAt" = now()`,
    [keeperId],
  );
}

export async function forgetHeartbeat(keeperId: string): Promise<void> {
  await db().keeperHeartbeat.deleteMany({ where: { keeperId } });
}

export async function deleteSilentHeartbeats(): Promise<void> {
  await db().keeperHeartbeat.deleteMany({ where: { beatAt: { lt: fromNow(-10 * MINUTE_MS) } } });
}

/** Whether any keeper gave a sign of life lately. */
export async function isKeeperRunning(): Promise<boolean> {
  const alive = { beatAt: { gt: fromNow(-SILENT_AFTER_MS) } };
  return (await db().keeperHeartbeat.count({ where: alive })) > 0;
}
