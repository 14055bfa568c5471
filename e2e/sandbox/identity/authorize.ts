import { randomUUID } from "node:crypto";
import { findUser, USERS, type User } from "../directory";
import { heldBack } from "../faults";
import type { WebRequest, WebResponse } from "../http";
import { accountsPage, consentPage, refusalPage } from "../pages/dialogs";
import { type Html, html, sendBack } from "../pages/html";
import type { Platform } from "../platform";
import {
  type AuthorizeParameters,
  type AuthorizeRequest,
  identifyRequest,
  readParameters,
} from "./authorize-request";
import { addConsent, consentedScopes, keepCode } from "./grants";
import { describeError, IdentityError, oauthErrorOf } from "./identity-error";
import { describeScopes, permissionKey, type RequestedScopes } from "./scopes";
import { admits, tenantName } from "./tenant-path";
import { clientInfo } from "./tokens";

interface Visit extends AuthorizeRequest {
  parameters: AuthorizeParameters;
  /** The address of this very request, which every form of the flow posts to again. */
  action: string;
  formTarget: string;
}

/** Microsoft shows these on its own page and sends nothing back, also when a fault raises them. */
const NEVER_RETURNED = new Set([50011, 50194, 700016, 7000112, 90002, 90023, 900971, 9002332]);

/** `GET` and `POST /{tenant}/oauth2/v2.0/authorize`: who are you, and do you agree? */
export function authorizeEndpoint(
  platform: Platform,
  request: WebRequest,
  tenantSegment: string,
): WebResponse {
  const delay = platform.faults.strikes("slow", { place: "authorize" });
  const answer = answerAuthorize(platform, request, tenantSegment);
  return delay ? { ...answer, held: heldBack(delay) } : answer;
}

function answerAuthorize(platform: Platform, request: WebRequest, segment: string): WebResponse {
  let known: AuthorizeRequest;
  try {
    known = identifyRequest(platform, request, segment);
  } catch (error) {
    return errorPage(platform, error);
  }
  try {
    const parameters = readParameters(request.query);
    const action = `${request.path}?${request.query}`;
    const formTarget = new URL(known.redirectUri).origin;
    return converse(platform, { ...known, parameters, action, formTarget }, request.body);
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    if (NEVER_RETURNED.has(error.number)) return errorPage(platform, error);
    return redirectError(platform, known, error);
  }
}

/** One step of the conversation: every form repeats what is known, so the server keeps nothing. */
function converse(platform: Platform, visit: Visit, answers: URLSearchParams): WebResponse {
  if (visit.parameters.prompt === "none") throw new IdentityError(50058);
  if (answers.get("cancel")) throw new IdentityError(65004);
  const typed = answers.get("account")?.trim();
  if (!typed) return signInPage(visit);
  const user = findUser(typed);
  const values = { user: typed, directory: directoryOf(visit) };
  if (!user) return signInPage(visit, new IdentityError(50034, { values }));
  const blocked = signInRefusal(platform, visit, user);
  if (blocked) {
    log(platform, `AADSTS${blocked.number}`, user);
    return signInPage(visit, blocked);
  }
  return consentStep(platform, visit, { user, answers });
}

/** Refusals that Microsoft shows on its own page, where another account can be chosen. */
function signInRefusal(platform: Platform, visit: Visit, user: User): IdentityError | undefined {
  const { registration } = visit;
  const where = { place: "authorize" as const, mailbox: user.address };
  if (user.isDisabled) return new IdentityError(50057);
  if (platform.faults.strikes("conditional_access", where)) return new IdentityError(53003);
  if (admits(visit.path, user, registration)) return undefined;
  return new IdentityError(50020, {
    values: {
      user: user.address,
      home: tenantName(user.tenantId),
      directory: directoryOf(visit),
      client: registration.clientId,
      name: registration.name,
    },
  });
}

function consentStep(
  platform: Platform,
  visit: Visit,
  choice: { user: User; answers: URLSearchParams },
): WebResponse {
  const { user, answers } = choice;
  const { clientId, name } = visit.registration;
  const { scopes, prompt } = visit.parameters;
  const where = { place: "authorize" as const, mailbox: user.address };
  const number = platform.faults.raised(where);
  if (number) throw new IdentityError(number, { values: { client: clientId, name } });
  const asked = [...scopes.identity, ...scopes.permissions.map(permissionKey)];
  const consented = consentedScopes(platform, user, clientId);
  const isNew = asked.some((scope) => !consented.has(scope));
  if (!isNew && prompt !== "consent") return redirectCode(platform, visit, user);
  const answer = answers.get("consent");
  if (answer !== "accept") return askForConsent(visit, user);
  const isForOrganisation = user.isAdministrator && answers.get("organisation") === "true";
  addConsent(platform, user, { clientId, scopes: asked, isForOrganisation });
  return redirectCode(platform, visit, user);
}

function redirectCode(platform: Platform, visit: Visit, user: User): WebResponse {
  const { parameters, registration } = visit;
  const code = keepCode(platform.codes, "1.", {
    user,
    clientId: registration.clientId,
    redirectUri: visit.redirectUri,
    codeChallenge: parameters.codeChallenge,
    nonce: parameters.nonce,
    scope: parameters.scope,
    issuedAt: platform.now(),
    familyId: randomUUID(),
    isRedeemed: false,
  });
  log(platform, "code", user);
  return sendBack(visit.redirectUri, {
    code,
    ...(visit.action.includes("client_info=1") ? { client_info: clientInfo(user) } : {}),
    state: visit.state,
    session_state: randomUUID(),
  });
}

function redirectError(platform: Platform, request: AuthorizeRequest, error: IdentityError) {
  log(platform, `AADSTS${error.number}`);
  return sendBack(request.redirectUri, {
    error: oauthErrorOf(error.number),
    error_subcode: error.number === 65004 ? "cancel" : undefined,
    error_description: describeError(error).description,
    error_uri: `${platform.authority}/error?code=${error.number}`,
    state: request.state,
  });
}

function errorPage(platform: Platform, error: unknown): WebResponse {
  if (!(error instanceof IdentityError)) throw error;
  log(platform, `AADSTS${error.number}`);
  return troublePage(error);
}

export function troublePage(error: IdentityError): WebResponse {
  const heading = "Sorry, but we’re having trouble signing you in.";
  return refusalPage(heading, html`${describeError(error).description}`);
}

function signInPage(visit: Visit, refusal?: IdentityError): WebResponse {
  const { registration, parameters } = visit;
  const users = USERS.filter((user) => admits(visit.path, user, registration));
  return accountsPage(
    {
      ...visit,
      heading: "Pick an account",
      intro: html`to continue to <strong>${registration.name}</strong>`,
      accounts: users.map((user) => ({ ...user, blocked: user.isDisabled && "sign-in blocked" })),
      hint: parameters.loginHint,
    },
    refusal && html`<p class="refusal" role="alert">${describeError(refusal).description}</p>`,
  );
}

/** "Permissions requested": what the application will be able to do for this person. */
function askForConsent(visit: Visit, { address, isAdministrator }: User): WebResponse {
  const { registration, parameters } = visit;
  return consentPage({
    ...visit,
    heading: "Permissions requested",
    account: address,
    asked: html`<p><strong>${registration.name}</strong> from ${tenantName(registration.tenantId)} would like to:</p>
${permissionList(parameters.scopes)}
${
  isAdministrator &&
  html`<label class="check"><input type="checkbox" name="organisation" value="true">
Consent on behalf of your organisation</label>`
}`,
  });
}

export function permissionList(scopes: RequestedScopes): Html {
  const items = describeScopes(scopes).map(
    ({ text, key }) => html`<li>${text}<code>${key}</code></li>`,
  );
  return html`<ul class="permissions">${items}</ul>`;
}

function directoryOf(visit: Visit): string {
  return visit.path.kind === "tenant" ? visit.path.tenant.name : visit.path.kind;
}

function log(platform: Platform, outcome: string, user?: User): void {
  const entry = { place: "authorize", what: "sign-in", outcome };
  platform.requests.record(user ? { ...entry, mailbox: user.address } : entry);
}
