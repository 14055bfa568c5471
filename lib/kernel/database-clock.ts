import "server-only";
import type { Transaction } from "@/lib/kernel/transaction";
import { SECOND_MS } from "./clock";
import { db } from "./db";

/** The only clock all processes share: for everything that ends, falls due or is deleted. */
export async function databaseNow(plusMs = 0, tx: Transaction = db()): Promise<Date> {
  const [row] = await tx.$queryRaw<{ at: Date }[]>`
    SELECT now() + make_interval(secs => ${plusMs / SECOND_MS}::float8) AS at`;
  if (!row) throw new Error("The database does not say what time it is.");
  return row.at;
}
