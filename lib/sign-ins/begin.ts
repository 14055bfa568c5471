import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { randomToken } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import { createPkcePair } from "@/lib/oauth/pkce";
import { isByItself } from "@/lib/oauth/schema";
import { serviceOf } from "@/lib/oauth/services";
import {
  loadRegistration,
  type OpenedRegistration,
  openRegistration,
} from "@/lib/registrations/store";
import { beginDeviceCode } from "./device-code";
import { findGraphUses, findSubject, type SignInSubject } from "./queries";
import type { BeginAuthorization } from "./schema";
import { createRequest } from "./store";

/** @returns where the browser has to go @throws AppError not_found, conflict, locked */
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

/** The platform's page, for the browser with this session alone (RFC 9700 §2.1, §4.7). */
export async function requestAuthorization(registration: OpenedRegistration, subject: Asked) {
  const { codeVerifier, codeChallenge } = await createPkcePair();
  const [state, nonce] = [randomToken(), randomToken()];
  await createRequest(registration, { ...subject, state, nonce, codeVerifier });
  const { cloudProviderId, expectedUsername } = subject;
  const graphUses = await findGraphUses(cloudProviderId, expectedUsername);
  return serviceOf(registration).authorizationUrl(registration, {
    redirectUri: registration.redirectUri,
    state,
    nonce,
    codeChallenge,
    graphUses,
    ...(expectedUsername && { loginHint: expectedUsername }),
  });
}

/** Consent for the whole organisation; comes back as a sign-in does. @throws AppError not_found, conflict */
export async function beginAdminConsent(actor: Actor, cloudProviderId: string): Promise<URL> {
  requirePermission(actor, "providers:write");
  const { sessionId } = actor;
  if (!sessionId) throw new AppError("access_denied", "Only a person in a browser can consent.");
  const registration = await loadRegistration(cloudProviderId);
  const { adminConsentUrl } = serviceOf(registration);
  if (!adminConsentUrl)
    throw new AppError("conflict", "This platform has no administrator consent page.");
  const state = randomToken();
  await createRequest(registration, { kind: "admin_consent", state, sessionId });
  const graphUses = await findGraphUses(cloudProviderId);
  const { redirectUri } = registration;
  return adminConsentUrl(registration, { state, redirectUri, graphUses });
}
