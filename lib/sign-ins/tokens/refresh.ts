import { randomUUID } from "node:crypto";
import { isSameDestination } from "@/lib/installation/keys/destinations";
import { command } from "@/lib/kernel/command";
import { SealError } from "@/lib/kernel/crypto";
import { isPassingDatabaseError } from "@/lib/kernel/database-errors";
import { AppError } from "@/lib/kernel/errors";
import { LEASES } from "@/lib/kernel/leases";
import { log } from "@/lib/kernel/log";
import { countUp } from "@/lib/kernel/metrics/counters";
import { giveBackLater, untilStored } from "@/lib/kernel/until-stored";
import { supportText } from "@/lib/oauth/failure-details";
import { OAuthFailure } from "@/lib/oauth/oauth-failure";
import type { TokenSet } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";
import { fallBackToLastCredential } from "@/lib/registrations/fall-back";
import { type OpenedRegistration, openRegistration } from "@/lib/registrations/store";
import { authorizationIdSchema } from "../schema";
import { type Claim, claimNow, releaseClaim } from "./leases/store";
import { recordFailure, recordRenewal } from "./mutations";
import { type Failure, openCache, registeredAt, waitBeforeRetryMs } from "./store";

/**
 * `superseded`: another process or secret was faster, and the row is as they left it.
 * `unanswered`: the platform does not answer, or only that it is asked too often: nothing about this row.
 */
export type RefreshResult = "renewed" | "superseded" | "refused" | "unanswered";

/** One request, no transaction open meanwhile, saved by compare-and-set. A failure never removes a token. */
export async function refreshClaimed(claim: Claim): Promise<RefreshResult> {
  const result = await refresh(claim).catch((error: unknown) => {
    if (isPassingDatabaseError(error)) giveBackLater(() => releaseClaim(claim), LEASES.renewal.ms);
    throw error;
  });
  countUp("postkey_token_refreshes_total", { result });
  return result;
}

async function refresh(claim: Claim): Promise<RefreshResult> {
  const { authorizationId, cloudProviderId } = claim;
  let registration: OpenedRegistration | undefined;
  try {
    registration = await openRegistration(cloudProviderId);
    if (!LEASES.renewal.isYoung(claim.ageMs())) return await giveUp(claim);
    const tokens = await requestTokens(registration, claim);
    const { credentialVersion } = registration;
    if (await untilStored(() => recordRenewal(claim, credentialVersion, tokens))) return "renewed";
    log.info({ authorizationId }, "refresh superseded");
    // Another secret came into use meanwhile: the row is still ours, and due again at once.
    await releaseClaim(claim);
    return "superseded";
  } catch (error) {
    const failure = toFailure(error, claim);
    if (!failure) throw error;
    const { state, failureId } = failure;
    // Whether the platform refused the application itself, for any person (RFC 6749 §5.2).
    const isOfClient = error instanceof OAuthFailure && error.details.error === "invalid_client";
    if (registration && isOfClient && (await fallBackToLastCredential(registration, failureId))) {
      await releaseClaim(claim);
      return "superseded";
    }
    log.warn({ authorizationId, failureId }, "refresh failed");
    countUp("postkey_token_refresh_failures_total", { class: state, failure: failureId });
    const credentialVersion = registration?.credentialVersion;
    await recordFailure(claim, { credentialVersion, failure, pause: pauseOf(error) });
    return isUnanswered(error) ? "unanswered" : "refused";
  }
}

/** Another process may be asking for it by now: a refresh token that is used twice may be taken away. */
async function giveUp(claim: Claim): Promise<RefreshResult> {
  log.info({ authorizationId: claim.authorizationId }, "refresh given up: paused for too long");
  await releaseClaim(claim);
  return "superseded";
}

async function requestTokens(registration: OpenedRegistration, claim: Claim): Promise<TokenSet> {
  // Opened for an application too, which does not need it: a row that was changed must not open.
  const cache = openCache(claim);
  if (!isSameDestination(registration.destination, registeredAt(claim)))
    throw new SealError("The registration is another one than the tokens were sealed for.");
  const { acquireAppOnly, refreshTokens } = serviceOf(registration);
  if (claim.grant !== "app_only" || acquireAppOnly === null)
    return refreshTokens(registration, cache, {
      objectId: claim.objectId,
      tenantId: claim.identityTenantId,
    });
  const { tokens } = await acquireAppOnly(registration);
  return tokens;
}

export function toFailure(error: unknown, { failures }: Pick<Claim, "failures">): Failure | null {
  if (error instanceof OAuthFailure)
    return {
      state: error.kind === "retry" ? "retrying" : error.kind,
      failureId: error.remedyId,
      failureText: supportText(error),
      waitMs: waitBeforeRetryMs({ failures, retryAfterMs: error.retryAfterMs }),
    };
  const isLocked =
    error instanceof SealError || (error instanceof AppError && error.code === "locked");
  if (!isLocked) return null;
  return { state: "locked", failureId: "postkey.locked", failureText: "", waitMs: 0 };
}

/** What an answer says about waiting; one that asks for nothing but waiting says how long. */
function pauseOf(error: unknown): "ordered" | "ended" | undefined {
  if (!(error instanceof OAuthFailure)) return undefined;
  if (error.kind !== "retry") return "ended";
  return error.retryAfterMs === undefined ? undefined : "ordered";
}

/** A platform that names the time to wait is heeded by its pause; one that only says that it is too much, by the breaker. */
function isUnanswered(error: unknown): boolean {
  if (!(error instanceof OAuthFailure) || error.kind !== "retry") return false;
  return error.details.status !== 429 || error.retryAfterMs === undefined;
}

/** The second is with the secret of before, which is in use again where the newest was refused. */
const MOST_REQUESTS = 3;

/** Due or not, without waiting for the keeper. @returns whether it worked @throws AppError conflict while another renews it */
export const renewNow = command({
  input: authorizationIdSchema,
  permission: "authorizations:write",
  async act(_actor, { authorizationId }): Promise<boolean> {
    for (let asked = 0; asked < MOST_REQUESTS; asked += 1) {
      const claim = await claimNow(`web-${randomUUID()}`, authorizationId);
      if (!claim) break;
      const result = await refreshClaimed(claim);
      if (result !== "superseded") return result === "renewed";
    }
    throw new AppError(
      "conflict",
      "It is being renewed right now, or was removed. Check again in a moment.",
    );
  },
});
