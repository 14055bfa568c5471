import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, type Permission, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { otherSessions, requireOneself } from "../oneself";
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
 * Ends all sessions of a person.
 * @returns how many
 */
export async function endSessionsOf(
  actor: Actor,
  { administratorId }: { administratorId: string },
): Promise<number> {
  requirePermission(actor, "administrators:write");
  return endWhere(actor, { administratorId }, "administrators:write");
}

type Which = { administratorId: string; id?: string | { not: string } };

async function endWhere(actor: Actor, where: Which, permission?: Permission): Promise<number> {
  return db().$transaction(async (tx) => {
    await requireStanding(tx, actor, permission);
    const { count } = await tx.session.deleteMany({ where });
    if (count === 0) return 0;
    const person = await tx.administrator.findUnique({
      where: { id: where.administratorId },
      select: { id: true, name: true },
    });
    await recordAudit(tx, actor, {
      action: "session.end_others",
      object: { kind: "administrator", id: where.administratorId, name: person?.name ?? "" },
      detail: { sessions: count },
    });
    return count;
  });
}
