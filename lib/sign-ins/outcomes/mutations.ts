import type { Actor } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import { loadRegistration, tell } from "@/lib/registrations/store";
import { refusedBy } from "@/lib/remedies/app-error";
import { saveLinkFailure } from "../links/store";
import { type Redeemed, saveAuthorization } from "../mutations";
import { decideAuthorizationSchema, type Outcome } from "../schema";
import { findRequest, type PendingRequest, saveOutcome, savePending, takePending } from "../store";

/**
 * What came of a sign-in that was not stored. An owner's failed attempt is in the trail: its link says only the last.
 * @throws AppError unauthenticated, access_denied for an actor who ended meanwhile
 * @permission none: a part of completeAuthorization and discardAuthorization.
 */
export async function recordOutcome(actor: Actor, request: PendingRequest, outcome: Outcome) {
  const { id, signInLinkId } = request;
  await db().$transaction(async (tx) => {
    await saveOutcome(tx, id, outcome);
    if (signInLinkId === null || outcome.kind !== "failed") return;
    if (await saveLinkFailure(tx, signInLinkId, outcome.remedyId))
      await tellFailure(tx, actor, { request, outcome });
  });
  return outcome;
}

/** Keeps the tokens of a sign-in until a person says whether it was meant. */
export async function recordQuestion(
  request: PendingRequest,
  waiting: Parameters<typeof savePending>[2],
): Promise<Outcome> {
  await db().$transaction((tx) => savePending(tx, request, waiting));
  return waiting.outcome;
}

type Failed = { request: PendingRequest; outcome: Extract<Outcome, { kind: "failed" }> };

async function tellFailure(tx: Transaction, actor: Actor, failed: Failed): Promise<void> {
  const { cloudProviderId: id, expectedUsername: username } = failed.request;
  const { remedyId: cause, detail } = failed.outcome;
  const provider = await tx.cloudProvider.findUnique({ where: { id }, select: { name: true } });
  const signedInAs = cause === "callback.other_mailbox" && { signedInAs: detail };
  await tell(tx, actor, {
    action: "sign_in_link.fail",
    id,
    name: provider?.name ?? "",
    detail: { username, cause, ...signedInAs },
  });
}

export async function tellProvider(cloudProviderId: string): Promise<void> {
  await db().$transaction((tx) => publish(tx, { type: "cloud_provider", id: cloudProviderId }));
}

export const confirmAuthorization = command({
  input: decideAuthorizationSchema,
  permission: "authorizations:write",
  async act(actor, { authorizationRequestId: id }): Promise<Outcome> {
    const { request, pending } = await takeDecision(actor, id);
    return saveAuthorization(actor, request, pending);
  },
});

export const discardAuthorization = command({
  input: decideAuthorizationSchema,
  permission: "authorizations:write",
  async act(actor, { authorizationRequestId: id }): Promise<Outcome> {
    const { request, pending } = await takeDecision(actor, id);
    const signedIn = pending.signIn.identity.username;
    return recordOutcome(actor, request, { kind: "discarded", signedIn });
  },
});

type Decision = { request: PendingRequest; pending: Redeemed };

/** @throws AppError not_found when there is nothing to decide any more */
async function takeDecision({ sessionId }: Actor, requestId: string): Promise<Decision> {
  const request = sessionId ? await findRequest(requestId, sessionId) : null;
  const { destination } = request
    ? await loadRegistration(request.cloudProviderId).catch(providerGone)
    : {};
  const signIn = request && destination && (await takePending(request, destination));
  if (!signIn) throw new AppError("not_found", "This question was already answered.");
  return { request, pending: { signIn, destination } };
}

export function providerGone(error: unknown): never {
  if (error instanceof AppError && error.code === "not_found")
    throw refusedBy("callback.provider_deleted", "not_found");
  throw error;
}
