import { hmac } from "@/lib/kernel/crypto";
import { AUDIT_COLUMNS, type AuditEvent } from "./trail/schema";

export type Head = { eventId: string; hash: string; olderRows: number };

export const CHAIN_START = "";
const SIGNED = AUDIT_COLUMNS.filter((column) => column !== "hash");

/** Two parts, so that a changed event and a missing neighbour are told apart. */
export function chainHash(key: string, previous: string, event: AuditEvent): string {
  const own = eventHash(key, event);
  return `${own}.${linkHash(key, previous, own)}`;
}

export function eventHash(key: string, event: AuditEvent): string {
  const signed = { ...event, detail: canonical(event.detail) };
  return mac(key, ["event", ...SIGNED.map((column) => signed[column])]);
}

export function linkHash(key: string, previous: string, own: string): string {
  return mac(key, ["link", previous, own]);
}

/** Proves the end of the chain. */
export function headMac(key: string, { eventId, hash, olderRows }: Head): string {
  return mac(key, ["head", eventId, hash, olderRows]);
}

function mac(key: string, parts: readonly unknown[]): string {
  return hmac(key, JSON.stringify(parts));
}

/** jsonb keeps no order of keys. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => [name, canonical(part)]);
}
