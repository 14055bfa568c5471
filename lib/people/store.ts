import { type AuditActor, type AuditEntry, recordAudit } from "@/lib/audit/mutations";
import { serializable } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";

type Told = { id: string; name: string; by?: AuditActor; address?: string | undefined };

/** In the trail: what happened to a person, by themselves where no one else is named. */
export async function tellPerson(
  tx: Transaction,
  { id, name, by, address, ...entry }: Told & Omit<AuditEntry, "object">,
): Promise<void> {
  const actor = by ?? { kind: "user", id, name, ...(address && { address }) };
  await recordAudit(tx, actor, { ...entry, object: { kind: "administrator", id, name } });
}

/**
 * Ends what a person began: their sessions, and the sign-ins that wait for a second factor. Their row is written
 * first: a sign-in that looked before this has begun its session by then, or looks again.
 *
 * @returns how many sessions
 */
export async function endWaysIn(
  tx: Transaction,
  administratorId: string,
  { butFor, also }: { butFor?: string | undefined; also?: "password_link" } = {},
): Promise<number> {
  await tx.$executeRaw`UPDATE "Administrator" SET "disabledAt" = "disabledAt"
    WHERE id = ${administratorId}::uuid`;
  const where = { administratorId, ...(butFor && { id: { not: butFor } }) };
  const { count } = await tx.session.deleteMany({ where });
  await tx.pendingSignIn.deleteMany({ where: { administratorId } });
  if (also === "password_link") await tx.passwordLink.deleteMany({ where: { administratorId } });
  return count;
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
