import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { publish } from "@/lib/kernel/events/mutations";
import type { Notice } from "@/lib/kernel/events/schema";
import type { Transaction } from "@/lib/kernel/transaction";
import { type AuditEntry, recordAudit } from "./mutations";

/** What was done to one thing, which people know by its name. Never a secret. */
export type Change = { id: string; name: string } & Omit<AuditEntry, "object">;

/**
 * How changes to things of one kind are told: in the audit trail and, with a type of event, on open pages. Like
 * the trail, after whatever locks rows.
 */
export function tellOf(
  kind: string,
  event?: Notice["type"],
): (tx: Transaction, actor: Actor, change: Change) => Promise<void> {
  return async (tx, actor, { id, name, ...entry }) => {
    await recordAudit(tx, actor, { ...entry, object: { kind, id, name } });
    if (event) await publish(tx, { type: event, id });
  };
}
