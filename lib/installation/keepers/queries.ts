import "server-only";
import { pool } from "@/lib/kernel/db";
import { isAlive } from "@/lib/kernel/heartbeat";

/** SQL: whether a keeper of "KeeperHeartbeat" gave a sign of life lately. */
export const IS_ALIVE = isAlive(`"beatAt"`);

/** Whether any keeper gave a sign of life lately. */
export async function isKeeperRunning(): Promise<boolean> {
  const { rowCount } = await pool().query(
    `SELECT FROM "KeeperHeartbeat" WHERE ${IS_ALIVE} LIMIT 1`,
  );
  return rowCount === 1;
}
