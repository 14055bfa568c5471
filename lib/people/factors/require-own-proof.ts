import "server-only";
import { type Actor, requireRecentProof } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { requireOneselfSettingUp } from "@/lib/kernel/oneself";
import { findProofMethods } from "./queries";

/**
 * A session that has not shown the factor its role needs shows it first: the password alone adds none beside it.
 * @throws AppError access_denied; proof_required; locked
 */
export async function requireOwnProof(actor: Actor): Promise<void> {
  requireOneselfSettingUp(actor);
  requireRecentProof(actor);
  if (actor.restrictedBecause === undefined) return;
  const { hasAuthenticator, hasPasskey } = await findProofMethods(actor);
  if (hasAuthenticator || hasPasskey)
    throw new AppError("proof_required", "Confirm that it's you.");
}
