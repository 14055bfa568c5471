import type { Actor } from "@/lib/kernel/actor";
import { HOUR_MS } from "@/lib/kernel/clock";
import { deriveKeys, hmac, type Keyring } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError, httpStatus } from "@/lib/kernel/errors";
import { NOT_SERVED, OUTCOME_UNKNOWN } from "@/lib/remedies/graph-sending";
import { KEPT_HOURS } from "./schema";

export type CreationAnswer = { status: number; body: string };

/**
 * draft-ietf-httpapi-idempotency-key-header-07. A refused request may be repeated; an interrupted one may not,
 * because it is unknown how far it got.
 * @throws AppError unprocessable when the key was used for something else, conflict while it is under way
 * @permission none: the operation inside it asks.
 */
export async function createOnce(
  actor: Actor,
  creation: { key: string; method: string; path: string; body: unknown },
  create: () => Promise<CreationAnswer>,
): Promise<CreationAnswer & { isReplayed: boolean }> {
  const id = { apiKeyId: actor.id, key: creation.key };
  const request = JSON.stringify([creation.method, creation.path, creation.body]);
  const fingerprint = fingerprintOf(env().keyring, request);
  if (!(await beginCreation({ ...id, fingerprint })))
    return { ...(await replay(id, request)), isReplayed: true };
  let answer: CreationAnswer;
  try {
    answer = await create();
  } catch (error) {
    if (isRefusal(error)) await forgetCreation(id);
    throw error;
  }
  await endCreation(id, answer);
  return { ...answer, isReplayed: false };
}

/** Nothing was done. Of other failures, and of a message that may be on its way, that is not known. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof AppError) || error.remedyId === OUTCOME_UNKNOWN) return false;
  return httpStatus(error.code) < 500 || NOT_SERVED.includes(error.remedyId ?? "");
}

async function replay(id: { apiKeyId: string; key: string }, request: string) {
  const known = await findCreation(id);
  if (!known)
    throw new AppError("conflict", "A request with this Idempotency-Key was just refused.");
  if (!mayBe(env().keyring, known.fingerprint, request))
    throw new AppError("unprocessable", "This Idempotency-Key was used for another request.");
  const { status, body } = known;
  if (status === null || body === null)
    throw new AppError(
      "conflict",
      "A request with this Idempotency-Key is in progress or was interrupted. Check whether it was done before you use another key.",
    );
  return { status, body };
}

const PURPOSE = "postkey idempotency fingerprint";

/**
 * A body may hold a password, which a copy of the database must not let anyone guess: so it has a key that the
 * database does not know. `<key id>.<HMAC-SHA256>`
 */
function fingerprintOf(keyring: Keyring, request: string): string {
  const { id } = keyring.current;
  return `${id}.${hmac(deriveKeys(keyring, PURPOSE).get(id) ?? "", request)}`;
}

/**
 * Of one whose key is retired nothing is known: the program's own word counts, so that nothing is done twice.
 */
function mayBe(keyring: Keyring, stored: string, request: string): boolean {
  const [keyId = "", mac] = stored.split(".");
  const key = deriveKeys(keyring, PURPOSE).get(keyId);
  return key === undefined || mac === hmac(key, request);
}

type Id = { apiKeyId: string; key: string };

export async function beginCreation(creation: Id & { fingerprint: string }): Promise<boolean> {
  const { count } = await db().idempotencyKey.createMany({ data: creation, skipDuplicates: true });
  return count === 1;
}

export function findCreation(id: Id) {
  return db().idempotencyKey.findUnique({
    where: { apiKeyId_key: id },
    select: { fingerprint: true, status: true, body: true },
  });
}

export async function endCreation(id: Id, answer: { status: number; body: string }): Promise<void> {
  await db().idempotencyKey.updateMany({ where: id, data: answer });
}

export async function forgetCreation(id: Id): Promise<void> {
  await db().idempotencyKey.deleteMany({ where: id });
}

export async function deleteOldCreations(): Promise<void> {
  await db().idempotencyKey.deleteMany({
    where: { createdAt: { lt: await databaseNow(-KEPT_HOURS * HOUR_MS) } },
  });
}
