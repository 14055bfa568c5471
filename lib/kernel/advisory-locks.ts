import { pool } from "./db";

/** One space of numbers for the whole database: two uses of one number would block each other. */
export const ADVISORY_LOCKS = {
  commitOrder: 7_283_447,
  erasedContacts: 7_283_448,
  auditArchive: 7_283_449,
  keyRotation: 7_283_450,
  deviceImport: 7_283_452,
  letters: 7_283_453,
  freeKeys: 7_283_454,
  incidents: 4_712_001,
  claimedTests: 20_261_125,
  scheduledTests: 20_261_126,
} as const;

/** A reader of numbers up to one has then missed nothing. Taken late, after the row locks. */
export const TAKE_COMMIT_ORDER = `SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.commitOrder})::text`;

/** Under a lock that no one waits for. @returns false when another process has it */
export async function workAlone(
  lock: keyof typeof ADVISORY_LOCKS,
  work: () => Promise<void>,
): Promise<boolean> {
  const client = await pool().connect();
  try {
    const { rows } = await client.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_lock(${ADVISORY_LOCKS[lock]}) AS taken`,
    );
    if (!rows[0]?.taken) return false;
    await work();
    return true;
  } finally {
    // The server notices a closed connection late.
    await client.query(`SELECT pg_advisory_unlock(${ADVISORY_LOCKS[lock]})`).catch(() => {});
    // Whatever its state, the lock ends with the connection.
    client.release(true);
  }
}
