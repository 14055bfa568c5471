import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { randomToken } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import { createPkcePair } from "@/lib/oauth/pkce";
import { serviceOf } from "@/lib/oauth/services";
import { isByItself } from "@/lib/registrations/registration/schema";
import {
  loadRegistration,
  type OpenedRegistration,
  openRegistration,
} from "@/lib/registrations/store";
import { beginDeviceCode } from "./device-code";
import { findSubject, type SignInSubject } from "./queries";
import type { BeginAuthorization } from "./schema";
import { createRequest } from "./store";

/**
 * Prepares a sign-in and says where the browser has to go. The request is bound to this browser
 * session, this version of the provider and its redirect URI (RFC 9700 §2.1, §4.7).
 *
 * @throws AppError not_found, conflict, locked
 */
export async function beginAuthorization(actor: Actor, input: BeginAuthorization): Promise<URL> {
  requirePermission(actor, "authorizations:write");
  const { sessionId } = actor;
  if (!sessionId)
    throw new AppError("access_denied", "Only a person in a browser can sign a mailbox in.");
  const subject = await findSubject(input);
  const registration = await openRegistration(subject.cloudProviderId);
  const { grant } = registration;
  if (isByItself(grant))
    throw new AppError("conflict", "This application signs in by itself. Use Connect.");
  if (grant === "device_code")
    return beginDeviceCode({ ...actor, sessionId }, registration, subject);
  return requestAuthorization(registration, { ...subject, sessionId });
}

type Asked = SignInSubject & { sessionId: string; signInLinkId?: string };

/** The address of the platform's page on which one person signs in, in the browser with this session. */
export async function requestAuthorization(
  registration: OpenedRegistration,
  subject: Asked,
): Promise<URL> {
  const { cloudProviderId, expectedUsername, emailAccountId = null } = subject;
  const { sessionId, signInLinkId = null } = subject;
  const { redirectUri, providerVersion, destination } = registration;
  const { codeVerifier, codeChallenge } = await createPkcePair();
  const request = { redirectUri, state: randomToken(), nonce: randomToken() };
  await createRequest({
    ...request,
    cloudProviderId,
    providerVersion,
    destination,
    expectedUsername,
    emailAccountId,
    signInLinkId,
    codeVerifier,
    sessionId,
  });
  return serviceOf(registration).authorizationUrl(registration, {
    ...request,
    codeChallenge,
    ...(expectedUsername && { loginHint: expectedUsername }),
  });
}

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
