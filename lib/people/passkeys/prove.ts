import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { requirePerson } from "@/lib/kernel/oneself";
import { markProven } from "../factors/store";
import { beginPasskey, verifyPasskey } from "./verify";

export async function beginPasskeyProof(actor: Actor) {
  requirePerson(actor);
  return beginPasskey(actor.id);
}

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
