import "server-only";
import type { Actor } from "@/lib/actor";
import type { Transaction } from "@/lib/db";
import type { Prisma } from "@/prisma/generated/client";
import { chainHash } from "./chain";
import { insertEvent, type RunSql, saveHead, takeChainEnd } from "./store";

/** An actor, or somebody whom nobody knows: who failed to sign in. */
export type AuditActor = Pick<Actor, "id" | "name" | "address"> & {
  kind: Actor["kind"] | "anonymous";
};

type AuditEntry = {
  action: string;
  object: { kind: string; id: string; name: string };
  /** What changed, in words and numbers. Never a secret. */
  detail?: Prisma.InputJsonObject;
};

/**
 * Written in the transaction of the change it tells of: either both are there or neither. Each event is
 * chained to the one before. All who write wait for each other from here to the end of their
 * transactions, so this comes after whatever locks rows.
 */
export async function recordAudit(
  tx: Transaction,
  actor: AuditActor,
  entry: AuditEntry,
): Promise<void> {
  await appendEvent((sql, values) => tx.$queryRawUnsafe(sql, ...values), actor, entry);
}

/** The same in a transaction of a connection that Prisma knows nothing of. */
export async function appendEvent(
  run: RunSql,
  actor: AuditActor,
  entry: AuditEntry,
): Promise<void> {
  const { action, object, detail = {} } = entry;
  const { key, previous, olderRows, id, at } = await takeChainEnd(run);
  const event = {
    id,
    at,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    action,
    objectKind: object.kind,
    objectId: object.id,
    objectName: object.name,
    // As it comes back: without what JSON leaves out.
    detail: JSON.parse(JSON.stringify(detail)),
    address: actor.address ?? null,
  };
  const hash = chainHash(key, previous, event);
  await insertEvent(run, { ...event, hash });
  await saveHead(run, key, { eventId: id, hash, olderRows });
}
