import type { Actor } from "@/lib/kernel/actor";
import { publish } from "@/lib/kernel/events/mutations";
import type { Notice } from "@/lib/kernel/events/schema";
import type { Transaction } from "@/lib/kernel/transaction";
import { type AuditEntry, recordAudit } from "./mutations";

/** Never a secret. */
export type Change = { id: string; name: string } & Omit<AuditEntry, "object">;

/** In the trail and, with an event type, on open pages; after all row locks. */
export function tellOf(
  kind: string,
  event?: Notice["type"],
): (tx: Transaction, actor: Actor, change: Change) => Promise<void> {
  return async (tx, actor, { id, name, ...entry }) => {
    await recordAudit(tx, actor, { ...entry, object: { kind, id, name } });
    if (event) await publish(tx, { type: event, id });
  };
}
