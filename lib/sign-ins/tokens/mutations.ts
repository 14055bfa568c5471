import "server-only";
import { db } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import type { TokenSet } from "@/lib/oauth/service";
import {
  markRefused,
  pauseProvider,
  retryAfterRegistrationFixed,
} from "@/lib/registrations/held-sign-ins/store";
import { endPause, orderPause } from "@/lib/registrations/pauses/store";
import type { PauseSubject } from "@/lib/registrations/pauses/subject";
import type { Claim } from "./leases/store";
import { saveRefreshed, saveRefreshedAlone } from "./renewals/store";
import { type Failure, saveFailure } from "./store";

/** Ends a transaction whose row another process owns by now. */
class Superseded extends Error {}

/**
 * Stores renewed tokens, and ends a pause that the platform had asked for. After a failure this is news: open
 * pages are told, and a registration that had failed works again, for everyone who is signed in through it.
 *
 * @returns whether the row was still ours; when not, these tokens are dropped
 */
export async function recordRenewal(
  claim: Claim,
  credentialVersion: number,
  tokens: TokenSet,
): Promise<boolean> {
  const renewed = { credentialVersion, tokens };
  if (claim.isAfterPause) await endPause(subjectOf(claim), { sentAt: claim.claimedAt });
  if (claim.state === "connected") return saveRefreshedAlone(claim, renewed);
  const { cloudProviderId } = claim;
  return inTransaction(async (tx) => {
    // The provider's row first, as everywhere: another order would deadlock.
    const { count } = await tx.cloudProvider.updateMany({
      where: { id: cloudProviderId, failureId: { not: null } },
      data: { failureId: null, failedAt: null },
    });
    if (!(await saveRefreshed(tx, claim, renewed))) throw new Superseded();
    if (count > 0) await retryAfterRegistrationFixed(tx, cloudProviderId);
    await publish(tx, { type: "cloud_provider", id: cloudProviderId });
  });
}

type FailedRefresh = {
  /** Of the secret that was used; undefined when there was none to use. */
  credentialVersion: number | undefined;
  failure: Failure;
  /**
   * `ordered`: the platform named the time to wait, and so for all that it counts together. `ended`: it
   * answered without that. Neither when it did not answer.
   */
  pause?: "ordered" | "ended" | undefined;
};

/**
 * Stores what a failed refresh means, and tells the open pages when that is news. A failure of the
 * registration is the provider's, unless its secret was replaced while the request was under way. What
 * a holder that was paused has to tell is old, and is dropped: the row is read again before a refusal
 * is believed.
 */
export async function recordFailure(claim: Claim, failed: FailedRefresh): Promise<void> {
  const { cloudProviderId } = claim;
  const { failure } = failed;
  await inTransaction(async (tx) => {
    const isOfOldSecret =
      failure.state === "fix_registration" &&
      !(await markRefused(tx, {
        cloudProviderId,
        credentialVersion: failed.credentialVersion ?? 0,
        failureId: failure.failureId,
      }));
    // The pause before the tokens, as everywhere: another order would deadlock.
    const waitMs = await heedPause(tx, claim, failed);
    if (isOfOldSecret) {
      await saveFailure(tx, claim, { ...failure, state: "retrying", waitMs: 0 });
      return;
    }
    const saved = await saveFailure(tx, claim, { ...failure, waitMs });
    if (saved === "lost") throw new Superseded();
    if (failure.state === "fix_registration")
      await pauseProvider(tx, cloudProviderId, failure.failureId);
    if (saved === "news") await publish(tx, { type: "cloud_provider", id: cloudProviderId });
  });
}

/** What the platform counts a renewal by: the tenant is that of the person who signed in. */
function subjectOf({ authority, identityTenantId, clientId }: Claim): PauseSubject {
  return { authority, tenantId: identityTenantId, clientId };
}

/** @returns how long this one waits, in milliseconds: under a pause as long as all others of its subject */
async function heedPause(tx: Transaction, claim: Claim, failed: FailedRefresh): Promise<number> {
  const { pause, failure } = failed;
  const { claimedAt: sentAt } = claim;
  const subject = subjectOf(claim);
  if (pause === "ended" && claim.isAfterPause) await endPause(subject, { tx, sentAt });
  if (pause !== "ordered") return failure.waitMs;
  const { waitMs, failureId: reason } = failure;
  return orderPause(tx, { subject, sentAt, waitMs, reason });
}

/** @returns whether it was committed; false when the row is another process's by now */
async function inTransaction(work: (tx: Transaction) => Promise<void>): Promise<boolean> {
  try {
    await db().$transaction(work);
    return true;
  } catch (error) {
    if (error instanceof Superseded) return false;
    throw error;
  }
}
