import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { requirePerson } from "@/lib/kernel/oneself";
import { markProven } from "../factors/store";
import { beginPasskey, verifyPasskey } from "./verify";

/** What a browser needs to prove again, with a passkey, who sits before it. */
export async function beginPasskeyProof(actor: Actor) {
  requirePerson(actor);
  return beginPasskey(actor.id);
}

/** @throws AppError unauthenticated; too_many_requests with the time to wait */
export async function proveWithPasskey(
  actor: Actor,
  { response }: { response: string },
  token: string | undefined,
): Promise<void> {
  const sessionId = requirePerson(actor);
  const { address } = actor;
  await verifyPasskey({ response, token, administratorId: actor.id, address });
  await markProven(sessionId, { twoFactors: true });
}
