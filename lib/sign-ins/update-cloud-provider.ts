import "server-only";
import { command } from "@/lib/kernel/command";
import type { EnteredCredential } from "@/lib/registrations/credentials/schema";
import { saveEdit } from "@/lib/registrations/edit/mutations";
import { updateCloudProviderSchema } from "@/lib/registrations/schema";
import { alignMailboxes } from "./mailboxes/mutations";

/**
 * Saves an edit of a registration, and has the sign-ins follow it: an application that opens each mailbox
 * by itself has one for each.
 *
 * @returns what became of the credential that was entered; null where none was
 * @throws AppError as saveEdit does
 */
export const updateCloudProvider = command({
  input: updateCloudProviderSchema,
  permission: "providers:write",
  async act(actor, input): Promise<EnteredCredential | null> {
    return saveEdit(actor, input, (tx) => alignMailboxes(tx, input.id, actor.name));
  },
});
