import "server-only";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { providerUseSchema } from "@/lib/registrations/schema";
import { loadRegistration } from "@/lib/registrations/store";
import { alignMailboxes } from "./mailboxes/mutations";
import { readTokenStates } from "./queries";
import { renewNow } from "./tokens/renew-now";

/**
 * Gets tokens now for every mailbox of a provider whose application opens each by itself, except
 * where they work already. What came of each is the state of its row.
 *
 * @returns how many work now, and how many do not
 * @throws AppError conflict (people sign in at this provider), not_found
 */
export const connectMailboxes = command({
  input: providerUseSchema,
  permission: "authorizations:write",
  async act(actor, { cloudProviderId }): Promise<{ connected: number; failed: number }> {
    const { grant } = await loadRegistration(cloudProviderId);
    if (grant !== "domain_wide")
      throw new AppError("conflict", "This provider doesn't use a service account.");
    await db().$transaction((tx) => alignMailboxes(tx, cloudProviderId, actor.name));
    const before = await readTokenStates(actor, cloudProviderId);
    for (const { id, state } of before)
      if (state !== "connected") await renewNow(actor, { authorizationId: id }).catch(ignoreHeld);
    const after = await readTokenStates(actor, cloudProviderId);
    const connected = after.filter(({ state }) => state === "connected").length;
    return { connected, failed: after.length - connected };
  },
});

/** The keeper asks for the same one right now. */
function ignoreHeld(error: unknown): void {
  if (!(error instanceof AppError && error.code === "conflict")) throw error;
}
