import "server-only";
import type { Transaction } from "@/lib/kernel/transaction";
import { SECOND_MS } from "./clock";
import { db } from "./db";

/**
 * The time by the clock of the database, the only one that all processes agree on, or so long after it.
 * What ends, falls due, is deleted or erased is compared with this: a process whose own clock is wrong
 * does no harm.
 */
export async function databaseNow(plusMs = 0, tx: Transaction = db()): Promise<Date> {
  const [row] = await tx.$queryRaw<{ at: Date }[]>`
    SELECT now() + make_interval(secs => ${plusMs / SECOND_MS}::float8) AS at`;
  if (!row) throw new Error("The database does not say what time it is.");
  return row.at;
}
