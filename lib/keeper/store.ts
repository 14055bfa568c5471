import "server-only";
import { elapsed, SECOND_MS } from "@/lib/clock";
import { db, pool } from "@/lib/db";

/** Whether a keeper gave a sign of life lately, and by a clock that is right. */
export const IS_ALIVE = `("beatAt" > now() - interval '30 seconds' AND NOT postkey_is_ahead("beatAt"))`;

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

/** Whether any keeper gave a sign of life lately. */
export async function isKeeperRunning(): Promise<boolean> {
  const { rowCount } = await pool().query(
    `SELECT FROM "KeeperHeartbeat" WHERE ${IS_ALIVE} LIMIT 1`,
  );
  return rowCount === 1;
}
