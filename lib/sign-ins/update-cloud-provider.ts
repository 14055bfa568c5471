import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { EnteredCredential } from "@/lib/registrations/credentials/schema";
import { saveEdit } from "@/lib/registrations/edit/mutations";
import type { UpdateCloudProvider } from "@/lib/registrations/schema";
import { alignMailboxes } from "./mailboxes/mutations";

/**
 * Saves an edit of a registration, and has the sign-ins follow it: an application that opens each mailbox
 * by itself has one for each.
 *
 * @returns what became of the credential that was entered; null where none was
 * @throws AppError as saveEdit does
 */
export async function updateCloudProvider(
  actor: Actor,
  input: UpdateCloudProvider,
): Promise<EnteredCredential | null> {
  requirePermission(actor, "providers:write");
  return saveEdit(actor, input, (tx) => alignMailboxes(tx, input.id, actor.name));
}
