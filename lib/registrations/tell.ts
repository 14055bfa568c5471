import "server-only";
import { type AuditActor, type AuditEntry, recordAudit } from "@/lib/audit/mutations";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";

type Change = Pick<AuditEntry, "action" | "detail"> & {
  id: string;
  name: string;
  /** What other administrators' open pages say. */
  message?: string;
};

export async function tell(tx: Transaction, actor: AuditActor, change: Change): Promise<void> {
  const { action, id, name, detail, message } = change;
  const object = { kind: "cloud_provider", id, name };
  await recordAudit(tx, actor, { action, object, ...(detail && { detail }) });
  await publish(tx, {
    type: "cloud_provider",
    id,
    ...(message && { message: { tone: "success", text: message, causedBy: actor.id } }),
  });
}
