import "server-only";
import { serializable } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";

/** A sign-in that looked before what follows has begun its session by then, or looks again. */
export async function holdSignIns(tx: Transaction, administratorId: string): Promise<void> {
  await tx.$executeRaw`UPDATE "Administrator" SET "disabledAt" = "disabledAt"
    WHERE id = ${administratorId}::uuid`;
}

/**
 * Ends the sessions of a person, and the sign-ins that wait for their second factor.
 * @returns how many sessions
 */
export async function signOut(tx: Transaction, administratorId: string): Promise<number> {
  await holdSignIns(tx, administratorId);
  const { count } = await tx.session.deleteMany({ where: { administratorId } });
  await tx.pendingSignIn.deleteMany({ where: { administratorId } });
  return count;
}

/** A person is out: what was under way for them lets them in no more, once they are enabled again either. */
export async function turnOut(tx: Transaction, administratorId: string): Promise<void> {
  await signOut(tx, administratorId);
  await tx.passwordLink.deleteMany({ where: { administratorId } });
}

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
