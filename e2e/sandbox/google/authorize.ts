import type { WebRequest, WebResponse } from "../http";
import { html, page, seeOther } from "../pages/html";
import type { Platform } from "../platform";
import { findGoogleUser, GOOGLE_USERS, type GoogleUser } from "./directory";
import { issueCode, MAIL_SCOPE, raiseFault } from "./google";
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
  if (query.get("prompt") === "none")
    return answerTo(redirectUri, query, { error: "login_required" });
  if (body.get("cancel")) return answerTo(redirectUri, query, { error: "access_denied" });
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
  if (isAsked && body.get("consent") !== "accept") return consentPage(request, user);
  const isMailGranted = !isAsked || body.get("mail") !== "no";
  if (isMailGranted) google.consented.add(user.sub);
  const granted = scopes.filter((scope) => scope !== MAIL_SCOPE || isMailGranted).join(" ");
  platform.requests.record({
    place: "authorize",
    what: "google",
    outcome: "code",
    mailbox: user.address,
  });
  const code = issueCode(google, {
    user,
    redirectUri,
    codeChallenge: query.get("code_challenge") ?? "",
    nonce: query.get("nonce") ?? undefined,
    scope: granted,
    isOffline: query.get("access_type") === "offline",
    issuedAt: platform.now(),
  });
  return answerTo(redirectUri, query, { code, scope: granted, authuser: "0" });
}

function answerTo(redirectUri: string, query: URLSearchParams, fields: Record<string, string>) {
  const url = new URL(redirectUri);
  const state = query.get("state");
  if (state) url.searchParams.set("state", state);
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return seeOther(url.href);
}

function chooserPage(request: WebRequest): WebResponse {
  const hint = (request.query.get("login_hint") ?? "").toLowerCase();
  const users = [...GOOGLE_USERS].sort(
    (one, other) => Number(other.address === hint) - Number(one.address === hint),
  );
  return page({
    title: "Choose an account (sandbox Google)",
    layout: "dialog",
    formTarget: redirectOrigin(request),
    body: html`
<h1>Choose an account</h1>
<p class="muted">to continue to <strong>Postkey</strong></p>
<form method="post" action="${actionOf(request)}">
<ul class="accounts">${users.map(
      ({
        address,
        name,
      }) => html`<li><button name="account" value="${address}"${address === hint && html` class="hinted" autofocus`}>
<span class="avatar" aria-hidden="true">${name.slice(0, 1)}</span>
<span class="who"><strong>${name}</strong><span>${address}</span></span>
${address === hint && html`<span class="chip">asked for</span>`}</button></li>`,
    )}</ul></form>
<form method="post" action="${actionOf(request)}"><button class="link" name="cancel" value="1">Cancel and go back</button></form>`,
  });
}

/** With Google, people may agree to less than was asked: each permission has its own box. */
function consentPage(request: WebRequest, user: GoogleUser): WebResponse {
  return page({
    title: "Postkey wants access to your Google Account (sandbox Google)",
    layout: "dialog",
    formTarget: redirectOrigin(request),
    body: html`
<p class="signed-in">${user.address}</p>
<h1>Postkey wants access to your Google Account</h1>
<form method="post" action="${actionOf(request)}" class="stack">
<input type="hidden" name="account" value="${user.address}">
<label class="check"><input type="radio" name="mail" value="yes" checked> Read, compose, send and permanently delete all your email from Gmail <code>${MAIL_SCOPE}</code></label>
<label class="check"><input type="radio" name="mail" value="no"> Only tell who I am</label>
<div class="actions"><button name="cancel" value="1" formnovalidate>Cancel</button>
<button class="primary" name="consent" value="accept">Continue</button></div>
</form>`,
  });
}

function errorPage(error: GoogleError): WebResponse {
  const [status, code, description] = GOOGLE_ERRORS[error.id];
  return page({
    title: "Access blocked (sandbox Google)",
    layout: "dialog",
    status,
    body: html`
<h1>Access blocked: authorisation error</h1>
<p class="refusal" role="alert"><strong>Error ${status}: ${code}</strong><br>${description}</p>
<p class="muted">As at Google, nothing is sent back to the application for this error.</p>`,
  });
}

function actionOf(request: WebRequest): string {
  return `${request.path}?${request.query}`;
}

function redirectOrigin({ query }: WebRequest): string {
  return new URL(query.get("redirect_uri") ?? "").origin;
}
