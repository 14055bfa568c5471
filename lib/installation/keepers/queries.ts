import "server-only";
import { pool } from "@/lib/kernel/db";

/** Whether a keeper gave a sign of life lately, and by a clock that is right. */
export const IS_ALIVE = `("beatAt" > now() - interval '30 seconds' AND NOT postkey_is_ahead("beatAt"))`;

/** Whether any keeper gave a sign of life lately. */
export async function isKeeperRunning(): Promise<boolean> {
  const { rowCount } = await pool().query(
    `SELECT FROM "KeeperHeartbeat" WHERE ${IS_ALIVE} LIMIT 1`,
  );
  return rowCount === 1;
}
