import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { randomToken } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import { serviceOf } from "@/lib/oauth/services";
import { loadRegistration } from "@/lib/registrations/store";
import { createRequest } from "./store";

/**
 * Prepares the consent of an administrator for the whole organisation, and says where the browser has to
 * go. It comes back to the same redirect URI as a sign-in, and ends as an outcome of its own.
 *
 * @throws AppError not_found, conflict
 */
export async function beginAdminConsent(actor: Actor, cloudProviderId: string): Promise<URL> {
  requirePermission(actor, "providers:write");
  const { sessionId } = actor;
  if (!sessionId) throw new AppError("access_denied", "Only a person in a browser can consent.");
  const registration = await loadRegistration(cloudProviderId);
  const { adminConsentUrl } = serviceOf(registration);
  if (!adminConsentUrl)
    throw new AppError("conflict", "This platform has no administrator consent page.");
  const { redirectUri, providerVersion, destination } = registration;
  const state = randomToken();
  await createRequest({
    kind: "admin_consent",
    state,
    nonce: "",
    codeVerifier: "",
    expectedUsername: null,
    cloudProviderId,
    providerVersion,
    destination,
    redirectUri,
    sessionId,
  });
  return adminConsentUrl(registration, { state, redirectUri });
}
