import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { requireOneself } from "../oneself";
import { endWaysIn } from "../people/store";
import { requireStanding } from "../standing/store";

/**
 * Ends one session of one's own.
 * @throws AppError not_found
 */
export async function endOwnSession(actor: Actor, { id }: { id: string }): Promise<void> {
  requireOneself(actor);
  await db().$transaction(async (tx) => {
    await requireStanding(tx, actor);
    const where = { id, administratorId: actor.id };
    const { count: sessions } = await tx.session.deleteMany({ where });
    if (sessions === 0) throw new AppError("not_found", "This session has already ended.");
    await recordEnd(tx, actor, { administratorId: actor.id, sessions });
  });
}

/**
 * Ends all sessions of one's own but the one that asks, and one's sign-ins that wait for a second factor.
 * @returns how many sessions
 */
export async function endOtherSessions(actor: Actor): Promise<number> {
  requireOneself(actor);
  return db().$transaction(async (tx) => {
    await requireStanding(tx, actor);
    const sessions = await endWaysIn(tx, actor.id, { butFor: actor.sessionId });
    return recordEnd(tx, actor, { administratorId: actor.id, sessions });
  });
}

/**
 * Ends all sessions of a person, and their sign-ins that wait for a second factor.
 * @returns how many sessions
 */
export async function endSessionsOf(
  actor: Actor,
  { administratorId }: { administratorId: string },
): Promise<number> {
  requirePermission(actor, "administrators:write");
  return db().$transaction(async (tx) => {
    await requireStanding(tx, actor, "administrators:write");
    const sessions = await endWaysIn(tx, administratorId);
    return recordEnd(tx, actor, { administratorId, sessions });
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
