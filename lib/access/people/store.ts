import "server-only";
import { serializable } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";

/**
 * A serializable transaction in which no one else changes a person. The table is locked before anything is read, and
 * its lock is given in turn: someone who keeps writing their own row would be in the way of what takes their role from ever
 * ending, if that compared the row with what it was before the wait. A wait that becomes too long begins again, so that
 * those who queue behind it have their turn.
 */
export async function decideAboutPeople<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
  return serializable(
    async (tx) => {
      await tx.$executeRaw`LOCK TABLE "Administrator" IN EXCLUSIVE MODE`;
      return work(tx);
    },
    { waitsForLocks: true },
  );
}
