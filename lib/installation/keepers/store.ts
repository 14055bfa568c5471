import "server-only";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";

const BEAT_EVERY_MS = 5 * SECOND_MS;
let beatAt = Number.NEGATIVE_INFINITY;

/** A sign of life, every few seconds however often it is called. */
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
  await db().$executeRaw`DELETE FROM "KeeperHeartbeat"
    WHERE "beatAt" < now() - interval '10 minutes' OR postkey_is_ahead("beatAt")`;
}
