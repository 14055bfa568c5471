import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { recordOutcome, saveAuthorization, takeDecision } from "./mutations";
import type { Outcome } from "./schema";
import { findRequest, type PendingRequest } from "./store";

/** Keeps a sign-in although it is not the person who was expected. @throws AppError */
export async function confirmAuthorization(actor: Actor, requestId: string): Promise<Outcome> {
  const pending = await takeDecision(actor, requestId);
  return saveAuthorization(actor, await requireRequest(actor, requestId), pending);
}

/** Forgets the tokens of a sign-in that was not meant. @throws AppError */
export async function discardAuthorization(actor: Actor, requestId: string): Promise<Outcome> {
  const { signIn } = await takeDecision(actor, requestId);
  const request = await requireRequest(actor, requestId);
  return recordOutcome(request, { kind: "discarded", signedIn: signIn.identity.username });
}

async function requireRequest(actor: Actor, requestId: string): Promise<PendingRequest> {
  const request = await findRequest(requestId, actor.sessionId ?? "");
  if (!request) throw new AppError("not_found", "This sign-in no longer exists.");
  return request;
}
