import { bygone, recordAudit } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";

/**
 * Who had mail sent in whose name; after it was taken, because nothing takes it back. Not to whom: what is
 * in the trail cannot be erased.
 * @permission none: a part of sendMessage.
 */
export async function recordSent(
  actor: Actor,
  account: { id: string; name: string },
  detail: { messageId: string },
): Promise<void> {
  const object = { kind: "email_account", id: account.id, name: account.name };
  await db().$transaction((tx) =>
    recordAudit(tx, bygone(actor), { action: "email_account.send_message", object, detail }),
  );
}
