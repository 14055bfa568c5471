import "server-only";
import { randomUUID } from "node:crypto";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { claimNow } from "./leases/store";
import { refreshClaimed } from "./refresh";

/**
 * Renews the tokens of a sign-in now, due or not: for callers that want to know whether it still works
 * without waiting for the keeper. The result is stored as the state of the sign-in.
 *
 * @returns whether it worked
 * @throws AppError conflict while another process renews it, or when it is gone
 */
export async function renewNow(actor: Actor, authorizationId: string): Promise<boolean> {
  requirePermission(actor, "authorizations:write");
  const claim = await claimNow(`web-${randomUUID()}`, authorizationId);
  if (!claim)
    throw new AppError(
      "conflict",
      "It is being renewed right now, or was removed. Check again in a moment.",
    );
  return (await refreshClaimed(claim)) === "renewed";
}
