import { elapsed } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { BEAT_EVERY_MS, isForgotten } from "@/lib/kernel/heartbeat";

let beatAt = Number.NEGATIVE_INFINITY;

export async function beat(keeperId: string): Promise<void> {
  if (elapsed() - beatAt < BEAT_EVERY_MS) return;
  beatAt = elapsed();
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
  await pool().query(`DELETE FROM "KeeperHeartbeat" WHERE ${isForgotten('"beatAt"')}`);
}
