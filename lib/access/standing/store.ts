import "server-only";
import type { Actor, Permission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import type { Transaction } from "@/lib/kernel/transaction";
import { isAlive } from "../administrators/store";
import { PERMISSIONS_OF } from "../roles/permissions";
import { roleSchema } from "../roles/schema";

/**
 * First in the transaction of what a person or a program decides: the session or the key that asks is still there,
 * and may still do it. What was asked before the transaction may have been taken meanwhile; from here on, who takes
 * it waits until this is stored, and then takes it as well.
 *
 * @param permission what is needed; none for what is one's own
 * @throws AppError unauthenticated; access_denied
 */
export async function requireStanding(
  tx: Transaction,
  actor: Actor,
  permission?: Permission,
): Promise<void> {
  if (actor.kind === "user") await requireSession(tx, actor, permission);
  if (actor.kind === "api_key") await requireKey(tx, actor, permission);
}

/**
 * Their row is held, and not written, or many of their deeds at once would keep a serializable transaction that takes
 * their role from ever ending. What adds a factor writes it as well. Of people none is ever deleted, so that there is
 * nothing to take from one without a row.
 */
async function requireSession(
  tx: Transaction,
  { id, sessionId }: Actor,
  permission?: Permission,
): Promise<void> {
  const [person] = await tx.$queryRaw<{ role: string }[]>`
    SELECT role FROM "Administrator" WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  if (!person) return;
  // An end of the session waits for this lock; that it was seen does not.
  const alive = await tx.$queryRaw<object[]>`
    SELECT s.id FROM "Session" s JOIN "Administrator" a ON a.id = s."administratorId"
    WHERE s.id = ${sessionId ?? null}::uuid AND a.id = ${id}::uuid AND ${isAlive} FOR KEY SHARE OF s`;
  if (alive.length === 0)
    throw new AppError("unauthenticated", "Your session ended meanwhile. Sign in again.");
  if (permission && !PERMISSIONS_OF[roleSchema.parse(person.role)].has(permission))
    throw new AppError("access_denied", "Your role was changed meanwhile: it does not allow this.");
}

/** Of keys none is ever deleted either. */
async function requireKey(tx: Transaction, { id }: Actor, permission?: Permission): Promise<void> {
  const [key] = await tx.$queryRaw<{ permissions: string[]; isOver: boolean }[]>`
    SELECT permissions, "revokedAt" IS NOT NULL OR coalesce("expiresAt" <= now(), false) AS "isOver"
    FROM "ApiKey" WHERE id = ${id}::uuid FOR KEY SHARE`;
  if (!key) return;
  if (key.isOver) throw new AppError("unauthenticated", "This API key was revoked or has expired.");
  if (permission && !key.permissions.includes(permission))
    throw new AppError("access_denied", `This needs the permission ${permission}.`);
}

/**
 * Behind the revocation of a key, which is stored: what it was deciding at that moment is stored as well once this
 * returns. Nothing is decided with it any more, so that its wait ends; a key that is busy kept one before its
 * revocation waiting for as long as it was.
 */
export async function waitForDeeds(id: string): Promise<void> {
  await db()
    .$transaction((tx) => tx.$executeRaw`SELECT id FROM "ApiKey" WHERE id = ${id}::uuid FOR UPDATE`)
    .catch((error: unknown) => log.warn({ error }, "a revoked key is still at work"));
}
