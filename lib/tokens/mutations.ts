import "server-only";
import { db } from "@/lib/db";
import { publish } from "@/lib/events/mutations";
import type { TokenSet } from "@/lib/oauth/microsoft";
import {
  type Claim,
  type Failure,
  retryAfterRegistrationFixed,
  saveFailure,
  saveRefreshed,
} from "./store";

/**
 * Stores renewed tokens. After a failure that is news: the open pages are told, and a registration
 * that had failed works again, for everybody who is signed in through it.
 *
 * @returns whether the row was still ours; when not, these tokens are dropped
 */
export async function recordRenewal(
  claim: Claim,
  credentialVersion: number,
  tokens: TokenSet,
): Promise<boolean> {
  const renewed = { credentialVersion, tokens };
  if (claim.state === "connected") return saveRefreshed(db(), claim, renewed);
  const { cloudProviderId } = claim;
  return db().$transaction(async (tx) => {
    if (!(await saveRefreshed(tx, claim, renewed))) return false;
    const { count } = await tx.cloudProvider.updateMany({
      where: { id: cloudProviderId, failureId: { not: null } },
      data: { failureId: null, failedAt: null },
    });
    if (count > 0) await retryAfterRegistrationFixed(tx, cloudProviderId);
    await publish(tx, { type: "cloud_provider", id: cloudProviderId });
    return true;
  });
}

/**
 * Stores what a failed refresh means, and tells the open pages when that is news. A failure of the
 * registration is the provider's, unless its secret was replaced while the request was under way.
 */
export async function recordFailure(
  claim: Claim,
  credentialVersion: number | undefined,
  failure: Failure,
): Promise<void> {
  const { cloudProviderId, authorizationId, fence } = claim;
  await db().$transaction(async (tx) => {
    // What a holder that was paused has to tell is old, of the registration as well.
    if ((await tx.tokenSet.count({ where: { authorizationId, fence } })) === 0) return;
    const isRegistration = failure.state === "fix_registration";
    if (isRegistration) {
      const { count } = await tx.cloudProvider.updateMany({
        where: {
          id: cloudProviderId,
          credentials: { some: { version: credentialVersion ?? 0, supersededAt: null } },
        },
        data: { failureId: failure.failureId, failedAt: new Date() },
      });
      if (count === 0) {
        await saveFailure(tx, claim, { ...failure, state: "retrying", nextAttemptAt: new Date() });
        return;
      }
    }
    const isNews = await saveFailure(tx, claim, failure);
    if (isNews) await publish(tx, { type: "cloud_provider", id: cloudProviderId });
  });
}
