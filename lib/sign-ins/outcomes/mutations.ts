import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import { saveLinkFailure } from "../links/store";
import type { Outcome } from "../schema";
import { type PendingRequest, saveOutcome, savePending, type Waiting } from "../store";

/**
 * What came of a sign-in that was not stored. An owner's failed attempt is in the trail: its link says only the last.
 * @throws AppError unauthenticated, access_denied for an actor who ended meanwhile
 * @permission none: a part of completeAuthorization and discardAuthorization.
 */
export async function recordOutcome(
  actor: Actor,
  request: PendingRequest,
  outcome: Outcome,
): Promise<Outcome> {
  await db().$transaction(async (tx) => {
    await saveOutcome(tx, request.id, outcome);
    if (request.signInLinkId !== null && outcome.kind === "failed")
      await tellFailure(tx, actor, { ...request, signInLinkId: request.signInLinkId, outcome });
  });
  return outcome;
}

/** Keeps the tokens of a sign-in until a person says whether it was meant. */
export async function recordQuestion(request: PendingRequest, waiting: Waiting): Promise<Outcome> {
  await db().$transaction((tx) => savePending(tx, request, waiting));
  return waiting.outcome;
}

type OwnersFailure = Pick<PendingRequest, "cloudProviderId" | "expectedUsername"> & {
  signInLinkId: string;
  outcome: Extract<Outcome, { kind: "failed" }>;
};

async function tellFailure(
  tx: Transaction,
  actor: Actor,
  { signInLinkId, cloudProviderId, expectedUsername, outcome }: OwnersFailure,
): Promise<void> {
  const { remedyId, detail } = outcome;
  if (!(await saveLinkFailure(tx, signInLinkId, remedyId))) return;
  const provider = await tx.cloudProvider.findUnique({
    where: { id: cloudProviderId },
    select: { name: true },
  });
  await recordAudit(tx, actor, {
    action: "sign_in_link.fail",
    object: { kind: "cloud_provider", id: cloudProviderId, name: provider?.name ?? "" },
    detail: {
      username: expectedUsername,
      cause: remedyId,
      ...(remedyId === "callback.other_mailbox" && { signedInAs: detail }),
    },
  });
  await publish(tx, { type: "cloud_provider", id: cloudProviderId });
}

/** That open pages show this provider again. */
export async function tellProvider(cloudProviderId: string): Promise<void> {
  await db().$transaction((tx) => publish(tx, { type: "cloud_provider", id: cloudProviderId }));
}
