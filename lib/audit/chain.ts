import { createHmac } from "node:crypto";
import type { AuditEvent } from "./trail/schema";

export type Head = { eventId: string; hash: string; olderRows: number };

/** What the first event of a chain follows. */
export const CHAIN_START = "";

/**
 * The hash of an event, in two parts: one over the event, and one over that and the hash of the event
 * before it. A change of the event breaks the first, a missing neighbour the second, so that the two
 * can be told apart.
 */
export function chainHash(key: string, previous: string, event: AuditEvent): string {
  const own = eventHash(key, event);
  return `${own}.${linkHash(key, previous, own)}`;
}

export function eventHash(key: string, event: AuditEvent): string {
  return mac(key, [
    "event",
    event.id,
    event.at.toISOString(),
    event.actorKind,
    event.actorId,
    event.actorName,
    event.action,
    event.objectKind,
    event.objectId,
    event.objectName,
    canonical(event.detail),
    event.address,
  ]);
}

export function linkHash(key: string, previous: string, own: string): string {
  return mac(key, ["link", previous, own]);
}

/** Vouches for the end of the chain. */
export function headMac(key: string, { eventId, hash, olderRows }: Head): string {
  return mac(key, ["head", eventId, hash, olderRows]);
}

function mac(key: string, parts: readonly unknown[]): string {
  return createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64url");
}

/** jsonb keeps no order of keys: sorted, writer and verifier get the same text. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => [name, canonical(part)]);
}
