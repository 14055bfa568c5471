import "server-only";
import { fromNow, MINUTE_MS, SECOND_MS } from "@/lib/clock";
import { db, pool } from "@/lib/db";

const SILENT_AFTER_MS = 30 * SECOND_MS;

export async function beat(keeperId: string): Promise<void> {
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
