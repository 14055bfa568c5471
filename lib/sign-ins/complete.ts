import { setTimeout as sleep } from "node:timers/promises";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { hashToken } from "@/lib/kernel/crypto";
import { AppError, unlessGone } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { foreignText } from "@/lib/kernel/text/foreign-text";
import { emailKey } from "@/lib/kernel/text/normalize";
import { untilStored } from "@/lib/kernel/until-stored";
import { supportText } from "@/lib/oauth/failure-details";
import { classifyAuthorizationError, OAuthFailure } from "@/lib/oauth/oauth-failure";
import { serviceAt, serviceOf } from "@/lib/oauth/services";
import { loadRegistration, openRegistration } from "@/lib/registrations/store";
import { refusedBy } from "@/lib/remedies/app-error";
import { isNameOfAnother, type Redeemed, saveAuthorization, saveConsent } from "./mutations";
import { providerGone, recordOutcome, recordQuestion } from "./outcomes/mutations";
import { type AuthorizationResponse, authorizationResponseSchema, type Outcome } from "./schema";
import {
  consumeRequest,
  findRequestByState,
  findSigningIn,
  isRequestOver,
  openVerifier,
  type PendingRequest,
} from "./store";

/** Others are ignored. RFC 6749 §3.1: none may come twice. @throws AppError invalid_request */
export function readAuthorizationResponse(parameters: URLSearchParams): AuthorizationResponse {
  if (!parameters.has("state")) throw refusedBy("callback.state_missing", "invalid_request");
  const names = Object.keys(authorizationResponseSchema.shape);
  const entries = names.flatMap((name) => {
    const value = parameters.get(name);
    return value === null || (value === "" && name !== "state") ? [] : [[name, value]];
  });
  const isRepeated = names.some((name) => parameters.getAll(name).length > 1);
  const parsed = authorizationResponseSchema.safeParse(Object.fromEntries(entries));
  if (isRepeated || !parsed.success) throw refusedBy("callback.state_unknown", "invalid_request");
  // What says several things, or nothing, is no answer and ends no sign-in.
  const { code, error, admin_consent: consent } = parsed.data;
  // A refusal of the page for administrators names the consent beside the error.
  const answers = error === undefined ? [code, consent] : [error, code];
  if (answers.filter((answer) => answer !== undefined).length === 1) return parsed.data;
  throw refusedBy("callback.code_missing", "invalid_request");
}

export type Completed = {
  authorizationRequestId: string;
  cloudProviderId: string;
  /** The account that it was for, where that signs in at this provider. */
  emailAccountId: string | null;
  /** For a sign-in for the move of an account: which one, and who was expected. */
  move: { emailAccountId: string; username: string } | null;
  /** Whether its owner came with a link, and goes back to its page. */
  isOfLink: boolean;
};

/**
 * RFC 6749 §4.1.2. Of several arrivals of one answer one redeems the code and the others get its result; another
 * answer to the same request gets none.
 * @param arrivedAt the path of the callback that was called
 * @throws AppError `callback.*` for no pending sign-in of this session: nothing was redeemed or changed
 * @permission none: only the session that began the sign-in, which needed the permission, can complete it.
 */
export async function completeAuthorization(
  actor: Actor | null,
  response: AuthorizationResponse,
  arrivedAt: string,
): Promise<Completed> {
  const request = await findRequestByState(response.state);
  // Each platform has a callback of its own, so that one cannot answer for another (RFC 9700 §4.4.2).
  if (!request || new URL(request.redirectUri).pathname !== arrivedAt)
    throw refusedBy("callback.state_unknown", "invalid_request");
  if (!actor) throw refusedBy("callback.other_session", "unauthenticated");
  if (actor.sessionId !== request.sessionId)
    throw refusedBy("callback.other_session", "access_denied");
  const isConsent = request.kind === "admin_consent";
  const isOfLink = request.signInLinkId !== null;
  // A link let its owner begin this one, and nothing else.
  if (!isOfLink) requirePermission(actor, isConsent ? "providers:write" : "authorizations:write");
  if (!request.consumedAt && (await isRequestOver(request.id)))
    throw refusedBy("callback.state_expired", "invalid_request");
  await requireIssuer(request, response);
  const answerHash = hashAnswer(response);
  const verifierSealed = request.consumedAt ? null : await consumeRequest(request.id, answerHash);
  if (verifierSealed === null) await waitForOutcome(response.state, answerHash);
  else await settle(actor, request, { response, verifierSealed });
  const { id: authorizationRequestId, cloudProviderId } = request;
  return { authorizationRequestId, cloudProviderId, isOfLink, ...(await wayBack(request)) };
}

/** Whose page the browser goes back to; one that was deleted meanwhile has none. */
async function wayBack(request: PendingRequest) {
  const { emailAccountId, cloudProviderId, expectedUsername } = request;
  const account = emailAccountId === null ? null : await findSigningIn(emailAccountId);
  if (!emailAccountId || !account) return { emailAccountId: null, move: null };
  if (!account.modernAuthentication)
    return { emailAccountId: null, move: { emailAccountId, username: expectedUsername ?? "" } };
  const isHere = account.cloudProviderId === cloudProviderId;
  return { emailAccountId: isHere ? emailAccountId : null, move: null };
}

/** RFC 9207 §2.4, before anything else is believed. A changed or deleted provider is told as such. */
async function requireIssuer(request: PendingRequest, { iss }: AuthorizationResponse) {
  if (iss === undefined) return;
  const registration = await loadRegistration(request.cloudProviderId).catch(unlessGone);
  if (registration?.providerVersion !== request.providerVersion) return;
  if (serviceOf(registration).isIssuer(registration, iss)) return;
  throw refusedBy("callback.issuer_unknown", "invalid_request");
}

/** The same for a reload of the same address, and for nothing else. */
function hashAnswer({ code, error, admin_consent }: AuthorizationResponse): string {
  return hashToken(JSON.stringify([code, error, admin_consent]));
}

/** @param answerHash of the answer that arrived now: another one than the first gets no result */
async function waitForOutcome(state: string, answerHash: string): Promise<void> {
  for (const deadline = elapsed() + 20 * SECOND_MS; elapsed() < deadline; await sleep(100)) {
    const first = await findRequestByState(state);
    if (first?.answerHash && first.answerHash !== answerHash)
      throw refusedBy("callback.answered_already", "conflict");
    if (first?.outcome) return;
  }
  throw refusedBy("callback.interrupted", "temporarily_unavailable");
}

type Arrival = { response: AuthorizationResponse; verifierSealed: string };

/** Whatever happens from here on is this request's outcome, and is shown as such. */
async function settle(actor: Actor, request: PendingRequest, arrival: Arrival): Promise<Outcome> {
  const { cloudProviderId } = request;
  try {
    if (request.kind === "admin_consent") return await settleConsent(actor, request, arrival);
    const redeemed = await redeem(request, arrival);
    return await untilStored(() => keepOrAsk(actor, request, redeemed));
  } catch (error) {
    const outcome = toOutcome(error);
    const { remedyId, detail: said } = outcome;
    log.warn({ cloudProviderId, remedyId, said }, "sign-in failed");
    return recordOutcome(actor, request, outcome);
  }
}

/** That someone agreed. Anyone could have written its tenant, which is compared and decides nothing else. */
async function settleConsent(actor: Actor, request: PendingRequest, { response }: Arrival) {
  const { admin_consent: consent, tenant } = response;
  requireNoError(request, response);
  if (consent?.toLowerCase() !== "true")
    throw refusedBy("callback.code_missing", "invalid_request");
  const { tenantId } = await loadRegistration(request.cloudProviderId).catch(providerGone);
  if (tenant !== undefined && tenant.toLowerCase() !== tenantId)
    throw refusedBy("callback.consent_elsewhere", "invalid_request");
  return saveConsent(actor, request);
}

async function redeem(request: PendingRequest, { response, verifierSealed }: Arrival) {
  requireNoError(request, response);
  const { code, iss: issuer } = response;
  if (!code) throw refusedBy("callback.code_missing", "invalid_request");
  const { redirectUri, nonce, providerVersion } = request;
  const registration = await openRegistration(request.cloudProviderId).catch(providerGone);
  if (registration.providerVersion !== providerVersion || registration.redirectUri !== redirectUri)
    throw refusedBy("callback.provider_changed", "invalid_request");
  const { destination } = registration;
  const codeVerifier = openVerifier(request, destination, verifierSealed);
  const grant = { code, redirectUri, codeVerifier, nonce, issuer };
  return { signIn: await serviceOf(registration).redeemCode(registration, grant), destination };
}

/** @throws OAuthFailure the answer's error, without what belongs to this sign-in alone */
function requireNoError(request: PendingRequest, response: AuthorizationResponse): void {
  const { error, error_description: description, state, code = "" } = response;
  const { nonce, redirectUri } = request;
  const language = serviceAt(new URL(redirectUri).pathname)?.refusals;
  if (error && language)
    throw classifyAuthorizationError({ error, description }, language, [state, code, nonce]);
}

/**
 * Stores who signed in, or asks whether to keep a sign-in of someone who was not expected.
 * @permission none: a part of completeAuthorization and of the keeper's device codes.
 */
export async function keepOrAsk(
  actor: Actor,
  request: PendingRequest,
  { signIn, destination }: Redeemed,
): Promise<Outcome> {
  const { identity, missingScopes } = signIn;
  const { username: signedIn } = identity;
  const { expectedUsername: expected } = request;
  const isExpected = expected === null || emailKey(expected) === emailKey(signedIn);
  if (isExpected && !(await isNameOfAnother(request.cloudProviderId, identity)))
    return saveAuthorization(actor, request, { signIn, destination });
  // The owner of a link is not asked whether to keep a sign-in that the link is not for.
  if (request.signInLinkId !== null) {
    const remedyId = "callback.other_mailbox";
    return recordOutcome(actor, request, { kind: "failed", remedyId, detail: signedIn });
  }
  const names = { signedIn, expected: expected ?? signedIn };
  const outcome: Outcome = { kind: "confirm", ...names, missingScopes };
  return recordQuestion(request, { outcome, pending: signIn, destination });
}

export function toOutcome(error: unknown): Extract<Outcome, { kind: "failed" }> {
  if (error instanceof OAuthFailure)
    return { kind: "failed", remedyId: error.remedyId, detail: supportText(error) };
  if (error instanceof AppError && error.remedyId)
    return { kind: "failed", remedyId: error.remedyId, detail: "" };
  log.error({ error }, "sign-in ended unexpectedly");
  const detail = error instanceof AppError ? foreignText(error.message) : "";
  return { kind: "failed", remedyId: "callback.interrupted", detail };
}
