import { z } from "zod";
import { type Actor, can, requireRecentProof } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";

/** Found by triggers, whichever operation wrote. */
export const wroteSchema = z.object({
  proof: z.string().optional(),
  key: z.string().optional(),
  account: z.string().optional(),
  device: z.string().optional(),
});
export type Wrote = z.output<typeof wroteSchema>;

/**
 * Otherwise an operation could lend a key's or device's reach to someone who may not create one.
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
