import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import type { Destination } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import { loadRegistration } from "@/lib/registrations/store";
import { type Redeemed, saveAuthorization } from "./mutations";
import { recordOutcome } from "./outcomes/mutations";
import { decideAuthorizationSchema, type Outcome } from "./schema";
import { findRequest, type PendingRequest, takePending } from "./store";

/** Keeps a sign-in although it is not the person who was expected. @throws AppError */
export const confirmAuthorization = command({
  input: decideAuthorizationSchema,
  permission: "authorizations:write",
  async act(actor, { authorizationRequestId: id }): Promise<Outcome> {
    const pending = await takeDecision(actor, id);
    return saveAuthorization(actor, await requireRequest(actor, id), pending);
  },
});

/** Forgets the tokens of a sign-in that was not meant. @throws AppError */
export const discardAuthorization = command({
  input: decideAuthorizationSchema,
  permission: "authorizations:write",
  async act(actor, { authorizationRequestId: id }): Promise<Outcome> {
    const { signIn } = await takeDecision(actor, id);
    const request = await requireRequest(actor, id);
    return recordOutcome(actor, request, { kind: "discarded", signedIn: signIn.identity.username });
  },
});

async function requireRequest(actor: Actor, requestId: string): Promise<PendingRequest> {
  const request = await findRequest(requestId, actor.sessionId ?? "");
  if (!request) throw new AppError("not_found", "This sign-in no longer exists.");
  return request;
}

/** @throws AppError not_found when there is nothing to decide any more */
async function takeDecision(actor: Actor, requestId: string): Promise<Redeemed> {
  const request = actor.sessionId ? await findRequest(requestId, actor.sessionId) : null;
  const destination = request && (await destinationOf(request));
  const signIn = destination && (await takePending(request, destination));
  if (!signIn) throw new AppError("not_found", "This question was already answered.");
  return { signIn, destination };
}

/** Where the provider's tokens may be sent now. @throws AppError invalid_request when it is gone */
async function destinationOf({ cloudProviderId }: PendingRequest): Promise<Destination> {
  const { destination } = await loadRegistration(cloudProviderId).catch((cause: unknown) => {
    const remedyId = "callback.provider_deleted";
    if (!(cause instanceof AppError) || cause.code !== "not_found") throw cause;
    const message = "The cloud provider was deleted in the meantime.";
    throw new AppError("invalid_request", message, { cause, remedyId });
  });
  return destination;
}
