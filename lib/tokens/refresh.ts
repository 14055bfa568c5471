import "server-only";
import { openRegistration } from "@/lib/cloud-providers/store";
import { SealError } from "@/lib/crypto";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { refreshTokens } from "@/lib/oauth/microsoft";
import { OAuthFailure } from "@/lib/oauth/oauth-failure";
import { recordFailure, recordRenewal } from "./mutations";
import { nextRetryAt } from "./schedule";
import { type Claim, type Failure, openCache, releaseClaim } from "./store";

/**
 * Renews the tokens of a leased row: one request, no transaction open meanwhile, saved by
 * compare-and-set. A failure never removes a token; it says who has to do what.
 *
 * @returns whether its tokens were stored
 */
export async function refreshClaimed(claim: Claim): Promise<boolean> {
  const { authorizationId, cloudProviderId } = claim;
  let credentialVersion: number | undefined;
  try {
    const registration = await openRegistration(cloudProviderId);
    credentialVersion = registration.credentialVersion;
    const tokens = await refreshTokens(registration, await openCache(authorizationId));
    if (await recordRenewal(claim, credentialVersion, tokens)) return true;
    log.info({ authorizationId }, "refresh superseded");
    // Another secret came into use meanwhile: the row is still ours, and due again at once.
    await releaseClaim(claim);
    return false;
  } catch (error) {
    const failure = toFailure(error, claim);
    if (!failure) throw error;
    log.warn({ authorizationId, failureId: failure.failureId }, "refresh failed");
    await recordFailure(claim, credentialVersion, failure);
    return false;
  }
}

function toFailure(error: unknown, { failures }: Claim): Failure | null {
  const now = new Date();
  if (error instanceof OAuthFailure)
    return {
      state: error.kind === "retry" ? "retrying" : error.kind,
      failureId: error.remedyId,
      failureText: supportText(error),
      nextAttemptAt: nextRetryAt(now, { failures, retryAfterMs: error.retryAfterMs }),
    };
  const isLocked =
    error instanceof SealError || (error instanceof AppError && error.code === "locked");
  if (!isLocked) return null;
  return { state: "locked", failureId: "postkey.locked", failureText: "", nextAttemptAt: now };
}

/** What Microsoft's support asks for, in one line. */
function supportText({ details }: OAuthFailure): string {
  const { description, networkCode, correlationId, traceId, timestamp } = details;
  const ids = [
    correlationId && `Correlation ID: ${correlationId}`,
    traceId && `Trace ID: ${traceId}`,
  ];
  const known = description ?? networkCode ?? "";
  if (known.includes("Correlation ID")) return known;
  return [known, ...ids, timestamp].filter(Boolean).join(" ");
}
