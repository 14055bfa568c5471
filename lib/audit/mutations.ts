import type { Actor } from "@/lib/kernel/actor";
import type { Transaction } from "@/lib/kernel/transaction";
import type { Prisma } from "@/prisma/generated/client";
import { chainHash } from "./chain";
import {
  insertEvents,
  type RunSql,
  requireRightTo,
  saveHead,
  takeChainEnd,
  type Wrote,
} from "./store";
import type { AuditEvent } from "./trail/schema";

/** Or someone unknown who failed to sign in. */
export type AuditActor =
  | Actor
  | (Pick<Actor, "id" | "name" | "address"> & {
      kind: Actor["kind"] | "anonymous";
      permissions?: never;
    });

export type AuditEntry = {
  action: string;
  object: { kind: string; id: string; name: string };
  /** Never a secret. */
  detail?: Prisma.InputJsonObject;
};

/**
 * Call after all row locks: writers queue for the chain's end until they commit.
 * @throws AppError access_denied, proof_required as of `requireRightTo`
 */
export async function recordAudit(tx: Transaction, actor: AuditActor, entry: AuditEntry) {
  await recordAudits(tx, [{ actor, ...entry }]);
}

/** In order, with one wait and one statement. */
export async function recordAudits(tx: Transaction, entries: readonly ActorsEntry[]) {
  const wrote = await appendEvents((sql, values) => tx.$queryRawUnsafe(sql, ...values), entries);
  for (const actor of new Set(entries.map((entry) => entry.actor)))
    if (wrote && actor.permissions) requireRightTo(wrote, actor);
}

/** For acts that cannot be taken back: recorded whatever the actor may do. */
export function bygone({ kind, id, name, address }: AuditActor): AuditActor {
  return { kind, id, name, ...(address !== undefined && { address }) };
}

/** On a connection outside Prisma. */
export async function appendEvent(run: RunSql, actor: AuditActor, entry: AuditEntry) {
  await appendEvents(run, [{ actor, ...entry }]);
}

export type ActorsEntry = AuditEntry & { actor: AuditActor };

async function appendEvents(run: RunSql, entries: readonly ActorsEntry[]): Promise<Wrote | null> {
  if (entries.length === 0) return null;
  const { key, previous, olderRows, ids, at, wrote } = await takeChainEnd(run, entries.length);
  const end = { eventId: "", hash: previous, olderRows };
  const events = entries.map((entry, index) => {
    const event = eventOf(entry, { id: ids[index] ?? "", at });
    end.eventId = event.id;
    end.hash = chainHash(key, end.hash, event);
    return { ...event, hash: end.hash };
  });
  await insertEvents(run, events);
  await saveHead(run, key, end);
  return wrote;
}

function eventOf(entry: ActorsEntry, { id, at }: { id: string; at: Date }): AuditEvent {
  const { actor, action, object, detail = {} } = entry;
  return {
    id,
    at,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    action,
    objectKind: object.kind,
    objectId: object.id,
    objectName: object.name,
    // The form that JSON returns.
    detail: JSON.parse(JSON.stringify(detail)),
    address: actor.address ?? null,
  };
}
