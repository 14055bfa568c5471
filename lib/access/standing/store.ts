import "server-only";
import type { Actor, Identity, Permission } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { singleton } from "@/lib/kernel/singleton";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { sessionLives } from "../administrators/store";
import { PERMISSIONS_OF } from "../roles/permissions";
import { roleSchema } from "../roles/schema";
import { isValid } from "../validity";

const IS_OVER = Prisma.raw(`NOT ${isValid('"ApiKey"')}`);

/**
 * First in the transaction of what a person or a program decides: the session or the key that asks is still there,
 * and may still do it. What was asked before the transaction may have been taken meanwhile; from here on, who takes
 * it from a person waits until this is stored, and then takes it as well. A key is asked again by the trail.
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
 * What the audit trail asks of an actor last in a transaction, where it did not begin with `requireStanding`. It locks
 * nothing: who takes a session or a key holds its row and waits for the trail.
 *
 * @throws AppError unauthenticated; access_denied
 */
export function standingOf(
  identity: Pick<Identity, "kind" | "id" | "sessionId" | "permissions">,
): (tx: Transaction) => Promise<void> {
  return async (tx) => {
    // It may end its own session, or take its own role.
    if (held().has(tx)) return;
    const granted = await (identity.kind === "user"
      ? findSessionsPermissions(tx, identity)
      : findKeysPermissions(tx, identity));
    if (!granted) throw identity.kind === "user" ? sessionEnded() : keyEnded();
    if ([...identity.permissions].some((each) => !granted.has(each)))
      throw new AppError(
        "access_denied",
        "Your role was changed in the meantime. Reload the page.",
        {
          forPrograms:
            "The permissions of this key were changed in the meantime. Nothing was done.",
        },
      );
  };
}

/** Transactions that hold the row of the person who decides. */
const held = () => singleton("held-standings", () => new WeakSet<Transaction>());

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
  held().add(tx);
  const [person] = await tx.$queryRaw<{ role: string }[]>`
    SELECT role FROM "Administrator" WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  if (!person) return;
  // An end of the session waits for this lock; that it was seen does not.
  const alive = await tx.$queryRaw<object[]>`
    SELECT s.id FROM "Session" s JOIN "Administrator" a ON a.id = s."administratorId"
    WHERE s.id = ${sessionId ?? null}::uuid AND a.id = ${id}::uuid AND ${sessionLives} FOR KEY SHARE OF s`;
  if (alive.length === 0) throw sessionEnded();
  if (permission && !PERMISSIONS_OF[roleSchema.parse(person.role)].has(permission))
    throw new AppError(
      "access_denied",
      "Your role was changed in the meantime and no longer allows this.",
    );
}

async function findSessionsPermissions(
  tx: Transaction,
  { id, sessionId }: Pick<Identity, "id" | "sessionId">,
): Promise<ReadonlySet<string> | null> {
  const [person] = await tx.$queryRaw<{ role: string }[]>`
    SELECT a.role FROM "Session" s JOIN "Administrator" a ON a.id = s."administratorId"
    WHERE s.id = ${sessionId ?? null}::uuid AND a.id = ${id}::uuid AND ${sessionLives}`;
  return person ? PERMISSIONS_OF[roleSchema.parse(person.role)] : null;
}

/** Of keys none is ever deleted either. */
async function requireKey(tx: Transaction, { id }: Actor, permission?: Permission): Promise<void> {
  const key = await findKey(tx, id);
  if (!key) return;
  if (key.isOver) throw keyEnded();
  if (permission && !key.permissions.includes(permission))
    throw new AppError("access_denied", `This needs the permission ${permission}.`);
}

async function findKeysPermissions(
  tx: Transaction,
  { id }: Pick<Identity, "id">,
): Promise<ReadonlySet<string> | null> {
  const key = await findKey(tx, id);
  return key && !key.isOver ? new Set(key.permissions) : null;
}

async function findKey(
  tx: Transaction,
  id: string,
): Promise<{ permissions: string[]; isOver: boolean } | null> {
  const [key] = await tx.$queryRaw<{ permissions: string[]; isOver: boolean }[]>`
    SELECT permissions, ${IS_OVER} AS "isOver" FROM "ApiKey" WHERE id = ${id}::uuid`;
  return key ?? null;
}

function sessionEnded(): AppError {
  return new AppError("unauthenticated", "Your session ended in the meantime. Sign in again.");
}

function keyEnded(): AppError {
  return new AppError("unauthenticated", "This API key was revoked or has expired.");
}
