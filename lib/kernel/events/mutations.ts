import "server-only";
import { TAKE_COMMIT_ORDER } from "@/lib/kernel/advisory-locks";
import { DAY_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import type { Notice } from "./schema";

/** Sent at commit; a rollback sends nothing. */
export async function publish(tx: Transaction, notice: Notice): Promise<void> {
  const { type, ...payload } = notice;
  await tx.$queryRawUnsafe(TAKE_COMMIT_ORDER);
  await tx.event.create({ data: { type, payload }, select: { id: true } });
}

export async function deleteOldEvents(): Promise<void> {
  await db().event.deleteMany({ where: { at: { lt: await databaseNow(-DAY_MS) } } });
}
