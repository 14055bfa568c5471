import type { Actor, Permission } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { sessionLives } from "../administrators/store";
import { PERMISSIONS_OF } from "../roles/permissions";
import { roleSchema } from "../roles/schema";
import { isValid } from "../validity";

const IS_OVER = Prisma.raw(`NOT ${isValid('"ApiKey"')}`);

/**
 * First in a transaction that stores what outlives a session. Locks the person's row, so that a revocation runs
 * after this commit and takes what was stored as well. @throws AppError unauthenticated; access_denied
 */
export async function requireStanding(tx: Transaction, actor: Actor, permission?: Permission) {
  if (actor.kind === "user") await requireSession(tx, actor, permission);
  if (actor.kind === "api_key") await requireKey(tx, actor, permission);
}

/**
 * The row is held, and not written, or many of their deeds at once would keep a serializable transaction that takes
 * their role from ever ending. People are never deleted.
 */
async function requireSession(tx: Transaction, { id, sessionId }: Actor, permission?: Permission) {
  const [person] = await tx.$queryRaw<{ role: string }[]>`
    SELECT role FROM "Administrator" WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  if (!person) return;
  // An end of the session waits for this lock; that it was seen does not.
  const alive = await tx.$queryRaw<object[]>`
    SELECT s.id FROM "Session" s JOIN "Administrator" a ON a.id = s."administratorId"
    WHERE s.id = ${sessionId ?? null}::uuid AND a.id = ${id}::uuid AND ${sessionLives} FOR KEY SHARE OF s`;
  if (alive.length === 0)
    throw new AppError("unauthenticated", "Your session ended in the meantime. Sign in again.");
  if (permission && !PERMISSIONS_OF[roleSchema.parse(person.role)].has(permission))
    throw new AppError(
      "access_denied",
      "Your role was changed in the meantime and no longer allows this.",
    );
}

/** Of keys none is ever deleted either. */
async function requireKey(tx: Transaction, { id }: Actor, permission?: Permission): Promise<void> {
  const [key] = await tx.$queryRaw<{ permissions: string[]; isOver: boolean }[]>`
    SELECT permissions, ${IS_OVER} AS "isOver" FROM "ApiKey" WHERE id = ${id}::uuid`;
  if (!key) return;
  if (key.isOver) throw new AppError("unauthenticated", "This API key was revoked or has expired.");
  if (permission && !key.permissions.includes(permission))
    throw new AppError("access_denied", `This needs the permission ${permission}.`);
}
