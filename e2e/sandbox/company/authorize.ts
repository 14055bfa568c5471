import type { WebRequest, WebResponse } from "../http";
import { html, page, seeOther } from "../pages/html";
import type { Platform } from "../platform";
import { COMPANY, companyClient, isOfPostkey, issueCompanyCode } from "./company";
import { EMPLOYEES, findEmployee } from "./people";

const CALLBACK = /^\/api\/auth\/callback\/[\w-]+$/;
const SIGNED_OUT = /^\/sign-in$/;

/** What a browser asks the company; undefined for addresses that are not the company's. */
export function companyBrowserHandler(
  platform: Platform,
  request: WebRequest,
): WebResponse | undefined {
  if (request.path === `${COMPANY}/authorize`) return authorize(platform, request);
  return request.path === `${COMPANY}/logout` ? signOut(platform, request) : undefined;
}

function authorize(platform: Platform, request: WebRequest): WebResponse {
  const { query, body } = request;
  const { clientId } = companyClient(platform);
  const redirectUri = query.get("redirect_uri") ?? "";
  if (query.get("client_id") !== clientId) return refusal("This client is not registered.");
  if (!isOfPostkey(platform, redirectUri, CALLBACK))
    return refusal(`${redirectUri} is no redirect URI of this Postkey.`);
  const answer = (fields: Record<string, string>) => answerTo(platform, request, fields);
  if (query.get("prompt") === "none") return answer({ error: "login_required" });
  if (body.get("cancel")) return answer({ error: "access_denied" });
  const employee = findEmployee(body.get("account") ?? "");
  if (!employee) return chooserPage(request);
  platform.requests.record({ place: "authorize", what: "company", outcome: "code" });
  const code = issueCompanyCode(platform, {
    employee,
    redirectUri,
    issuedAt: platform.now(),
    codeChallenge: query.get("code_challenge") ?? "",
    nonce: query.get("nonce") ?? undefined,
  });
  return answer({ code });
}

function answerTo(platform: Platform, { query }: WebRequest, fields: Record<string, string>) {
  const url = new URL(query.get("redirect_uri") ?? "");
  const { issuer: iss } = companyClient(platform);
  const sent = { ...fields, iss, state: query.get("state") ?? "" };
  for (const [name, value] of Object.entries(sent)) url.searchParams.set(name, value);
  return seeOther(url.href);
}

/** It keeps no session, so that everyone who comes is asked each time. */
function chooserPage({ path, query }: WebRequest): WebResponse {
  const action = `${path}?${query}`;
  return page({
    title: "Sign in at Contoso (sandbox)",
    layout: "dialog",
    formTarget: new URL(query.get("redirect_uri") ?? "").origin,
    body: html`
<h1>Who are you?</h1>
<p class="muted">Contoso signs you in to <strong>Postkey</strong>. Your groups decide what you may do there.</p>
<form method="post" action="${action}">
<ul class="accounts">${EMPLOYEES.map(
      ({ email, name, groups }) => html`<li><button name="account" value="${email}">
<span class="avatar" aria-hidden="true">${name.slice(0, 1)}</span>
<span class="who"><strong>${name}</strong><span>${email}</span><span>${groups.join(", ") || "in no group"}</span></span></button></li>`,
    )}</ul></form>
<form method="post" action="${action}"><button class="link" name="cancel" value="1">Cancel and go back</button></form>`,
  });
}

function signOut(platform: Platform, { query }: WebRequest): WebResponse {
  const back = query.get("post_logout_redirect_uri") ?? "";
  if (isOfPostkey(platform, back, SIGNED_OUT)) return seeOther(back);
  return page({
    title: "Signed out (sandbox)",
    layout: "dialog",
    body: html`<h1>You signed out</h1>`,
  });
}

function refusal(message: string): WebResponse {
  return page({
    title: "Sign-in refused (sandbox)",
    layout: "dialog",
    status: 400,
    body: html`<h1>This sign-in can't go on</h1><p class="refusal" role="alert">${message}</p>`,
  });
}
