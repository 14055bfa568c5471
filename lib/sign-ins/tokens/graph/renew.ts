import { isSameDestination } from "@/lib/installation/keys/destinations";
import { SECOND_MS } from "@/lib/kernel/clock";
import { SealError } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import { LEASES } from "@/lib/kernel/leases";
import { log } from "@/lib/kernel/log";
import { untilStored } from "@/lib/kernel/until-stored";
import type { AskedOfGraph } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";
import { openRegistration } from "@/lib/registrations/store";
import { type Claim, releaseClaim } from "../leases/store";
import { toFailure } from "../refresh";
import { type Failure, openCache, registeredAt } from "../store";
import { saveGraphFailure, saveGraphToken } from "./store";

/** A program that tries again at once learns the same answer, without another request. */
const LEAST_REST_MS = 5 * SECOND_MS;

/**
 * One request for the other resource, with the sign-in's lease and refresh token. What fails is noted
 * beside it and never changes the state of the sign-in: consent, policies and throttling are per resource.
 * @returns the failure; null when it was renewed, or when another process was faster
 */
export async function renewGraphToken(claim: Claim, asked: AskedOfGraph): Promise<Failure | null> {
  try {
    const registration = await openRegistration(claim.cloudProviderId);
    // Opened for an application too: a row that was changed must not open.
    const cache = openCache(claim);
    if (!isSameDestination(registration.destination, registeredAt(claim)))
      throw new SealError("The registration is another one than the tokens were sealed for.");
    const { graph } = serviceOf(registration);
    if (!graph) throw new AppError("conflict", "This service has no Microsoft Graph.");
    if (!LEASES.renewal.isYoung(claim.ageMs())) {
      await releaseClaim(claim);
      return null;
    }
    const { objectId, identityTenantId: tenantId } = claim;
    const kept = { cache, person: { objectId, tenantId } };
    const tokens =
      claim.grant === "app_only"
        ? await graph.acquireAppOnly(registration)
        : await graph.refresh(registration, kept, asked);
    const { credentialVersion } = registration;
    if (!(await untilStored(() => saveGraphToken(claim, { credentialVersion, tokens }))))
      await releaseClaim(claim);
    return null;
  } catch (error) {
    const failure = toFailure(error, { failures: 0 });
    if (!failure) {
      await releaseClaim(claim);
      throw error;
    }
    const { authorizationId } = claim;
    const { failureId } = failure;
    log.warn({ authorizationId, failureId }, "no token for Microsoft Graph");
    const rested = { ...failure, waitMs: Math.max(failure.waitMs, LEAST_REST_MS) };
    await saveGraphFailure(claim, rested);
    return rested;
  }
}
