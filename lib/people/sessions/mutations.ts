import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { decision } from "@/lib/people/decision";
import { endWaysIn } from "../store";
import { endOtherSessionsSchema, endSessionSchema, endSessionsOfSchema } from "./schema";

/** @throws AppError not_found */
export const endOwnSession = decision({
  input: endSessionSchema,
  permission: "oneself",
  async run({ tx, actor }, { id }): Promise<void> {
    const where = { id, administratorId: actor.id };
    const { count: sessions } = await tx.session.deleteMany({ where });
    if (sessions === 0) throw new AppError("not_found", "This session has already ended.");
    await recordEnd(tx, actor, { administratorId: actor.id, sessions });
  },
});

export const endOtherSessions = decision({
  input: endOtherSessionsSchema,
  permission: "oneself",
  async run({ tx, actor }): Promise<number> {
    const sessions = await endWaysIn(tx, actor.id, { butFor: actor.sessionId });
    return recordEnd(tx, actor, { administratorId: actor.id, sessions });
  },
});

export const endSessionsOf = decision({
  input: endSessionsOfSchema,
  permission: "administrators:write",
  async run({ tx, actor }, { administratorId }): Promise<number> {
    const sessions = await endWaysIn(tx, administratorId);
    return recordEnd(tx, actor, { administratorId, sessions });
  },
});

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
