import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { otherSessions, requireOneself } from "../oneself";
import { signOut } from "../people/store";
import { requireStanding } from "../standing/store";

/**
 * Ends one session of one's own.
 * @throws AppError not_found
 */
export async function endOwnSession(actor: Actor, { id }: { id: string }): Promise<void> {
  requireOneself(actor);
  const ended = await endWhere(actor, { id, administratorId: actor.id });
  if (ended === 0) throw new AppError("not_found", "This session has already ended.");
}

/**
 * Ends all sessions of one's own but the one that asks.
 * @returns how many
 */
export async function endOtherSessions(actor: Actor): Promise<number> {
  requireOneself(actor);
  return endWhere(actor, otherSessions(actor));
}

/**
 * Ends all sessions of a person, and their sign-ins that wait for a second factor.
 * @returns how many
 */
export async function endSessionsOf(
  actor: Actor,
  { administratorId }: { administratorId: string },
): Promise<number> {
  requirePermission(actor, "administrators:write");
  return db().$transaction(async (tx) => {
    await requireStanding(tx, actor, "administrators:write");
    return recordEnd(tx, actor, { administratorId, sessions: await signOut(tx, administratorId) });
  });
}

type Which = { administratorId: string; id?: string | { not: string } };

async function endWhere(actor: Actor, where: Which): Promise<number> {
  return db().$transaction(async (tx) => {
    await requireStanding(tx, actor);
    const { count: sessions } = await tx.session.deleteMany({ where });
    return recordEnd(tx, actor, { administratorId: where.administratorId, sessions });
  });
}

type Ended = { administratorId: string; sessions: number };

async function recordEnd(
  tx: Transaction,
  actor: Actor,
  { administratorId: id, sessions }: Ended,
): Promise<number> {
  if (sessions === 0) return 0;
  const where = { id };
  const person = await tx.administrator.findUnique({ where, select: { name: true } });
  await recordAudit(tx, actor, {
    action: "session.end_others",
    object: { kind: "administrator", id, name: person?.name ?? "" },
    detail: { sessions },
  });
  return sessions;
}
