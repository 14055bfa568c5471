import { z } from "zod";
import { type Actor, can, requireRecentProof } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";

/**
 * What the triggers of the schema found about a transaction: it gives access
 * to a mailbox or destroys a credential or a sign-in, in a table; a key for some accounts, or a device, would open
 * another mailbox by it.
 */
export const wroteSchema = z.object({
  proof: z.string().optional(),
  key: z.string().optional(),
  account: z.string().optional(),
  device: z.string().optional(),
});
export type Wrote = z.output<typeof wroteSchema>;

/**
 * Refuses what a person has to prove themselves for, and what would lend them or a program the reach of a key or a
 * device that they may not make themselves, whichever operation wrote it.
 *
 * @throws AppError access_denied, proof_required
 * @permission none: it is asked of what was written.
 */
export function requireRightTo({ proof, key, account, device }: Wrote, actor: Actor): void {
  if (actor.kind !== "user" && actor.kind !== "api_key") return;
  if (key && !can(actor, "keys:write"))
    throw new AppError(
      "access_denied",
      `The API key “${key}” would reach another mailbox through “${account}”. An administrator has to make this change, or choose another key for the account.`,
    );
  if (device && !can(actor, "devices:write"))
    throw new AppError(
      "access_denied",
      `The device “${device}” would open another mailbox. This needs the permission devices:write.`,
    );
  if (proof) requireRecentProof(actor);
}
