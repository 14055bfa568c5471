import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { saveEdit } from "@/lib/registrations/edit/mutations";
import type { UpdateCloudProvider } from "@/lib/registrations/schema";
import { alignMailboxes } from "./mailboxes/mutations";

/**
 * Saves an edit of a registration, and has the sign-ins follow it: an application that opens each mailbox
 * by itself has one for each.
 *
 * @throws AppError as saveEdit does
 */
export async function updateCloudProvider(actor: Actor, input: UpdateCloudProvider): Promise<void> {
  requirePermission(actor, "providers:write");
  await saveEdit(actor, input, (tx) => alignMailboxes(tx, input.id, actor.name));
}
