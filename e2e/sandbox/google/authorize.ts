import type { WebRequest, WebResponse } from "../http";
import { keepCode } from "../identity/grants";
import { accountsPage, consentPage, refusalPage } from "../pages/dialogs";
import { html, sendBack } from "../pages/html";
import type { Platform } from "../platform";
import { findGoogleUser, GOOGLE_USERS, type GoogleUser } from "./directory";
import { MAIL_SCOPE, raiseFault } from "./google";
import { GOOGLE_ERRORS, GoogleError } from "./google-error";

/** `GET` and `POST /o/oauth2/v2/auth`: which account, and may the application use its mail? */
export function googleAuthorize(platform: Platform, request: WebRequest): WebResponse {
  try {
    return answer(platform, request);
  } catch (error) {
    if (error instanceof GoogleError) return errorPage(error);
    throw error;
  }
}

function answer(platform: Platform, request: WebRequest): WebResponse {
  const { query, body } = request;
  const { redirectUri, scopes } = identify(platform, query);
  const state = query.get("state") ?? undefined;
  if (query.get("prompt") === "none")
    return sendBack(redirectUri, { state, error: "login_required" });
  if (body.get("cancel")) return sendBack(redirectUri, { state, error: "access_denied" });
  const user = findGoogleUser(body.get("account") ?? "");
  if (!user) return chooserPage(request);
  raiseFault(platform.faults, "authorize", user.address);
  return consentStep(platform, request, { user, redirectUri, scopes });
}

function identify({ google }: Platform, query: URLSearchParams) {
  if (query.get("client_id") !== google.state.clientId) throw new GoogleError("invalid_client");
  const redirectUri = query.get("redirect_uri") ?? "";
  if (!google.redirectUris.includes(redirectUri)) throw new GoogleError("redirect_uri_mismatch");
  const scopes = (query.get("scope") ?? "").split(" ");
  if (!scopes.includes(MAIL_SCOPE)) throw new GoogleError("invalid_scope");
  return { redirectUri, scopes };
}

type Choice = { user: GoogleUser; redirectUri: string; scopes: string[] };

function consentStep(platform: Platform, request: WebRequest, choice: Choice): WebResponse {
  const { google } = platform;
  const { query, body } = request;
  const { user, redirectUri, scopes } = choice;
  const isAsked =
    (query.get("prompt") ?? "").includes("consent") || !google.consented.has(user.sub);
  if (isAsked && body.get("consent") !== "accept") return askForConsent(request, user);
  const isMailGranted = !isAsked || body.get("mail") !== "no";
  if (isMailGranted) google.consented.add(user.sub);
  const granted = scopes.filter((scope) => scope !== MAIL_SCOPE || isMailGranted).join(" ");
  platform.requests.record({
    place: "authorize",
    what: "google",
    outcome: "code",
    mailbox: user.address,
  });
  const code = keepCode(google.codes, "4/0A", {
    user,
    redirectUri,
    codeChallenge: query.get("code_challenge") ?? "",
    nonce: query.get("nonce") ?? undefined,
    scope: granted,
    isOffline: query.get("access_type") === "offline",
    issuedAt: platform.now(),
  });
  const state = query.get("state") ?? undefined;
  return sendBack(redirectUri, { state, code, scope: granted, authuser: "0" });
}

function chooserPage(request: WebRequest): WebResponse {
  return accountsPage({
    ...dialogOf(request),
    heading: "Choose an account",
    intro: html`to continue to <strong>Postkey</strong>`,
    accounts: GOOGLE_USERS,
    hint: request.query.get("login_hint") ?? "",
  });
}

/** With Google, people may agree to less than was asked: each permission has its own box. */
function askForConsent(request: WebRequest, user: GoogleUser): WebResponse {
  return consentPage({
    ...dialogOf(request),
    heading: "Postkey wants access to your Google Account",
    accept: "Continue",
    account: user.address,
    asked: html`<label class="check"><input type="radio" name="mail" value="yes" checked> Read, compose, send and permanently delete all your email from Gmail <code>${MAIL_SCOPE}</code></label>
<label class="check"><input type="radio" name="mail" value="no"> Only tell who I am</label>`,
  });
}

function errorPage(error: GoogleError): WebResponse {
  const [status, code, description] = GOOGLE_ERRORS[error.id];
  const words = html`<strong>Error ${status}: ${code}</strong><br>${description}`;
  return refusalPage("Access blocked: authorisation error", words, status);
}

function dialogOf({ path, query }: WebRequest) {
  const formTarget = new URL(query.get("redirect_uri") ?? "").origin;
  return { action: `${path}?${query}`, formTarget };
}
