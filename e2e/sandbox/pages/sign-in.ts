import { USERS, type User } from "../directory";
import type { WebResponse } from "../http";
import type { AuthorizeParameters, AuthorizeRequest } from "../identity/authorize-request";
import { describeError, type IdentityError } from "../identity/identity-error";
import { admits } from "../identity/tenant-path";
import type { Platform } from "../platform";
import { html, page } from "./html";

export interface SignInVisit extends AuthorizeRequest {
  parameters: AuthorizeParameters;
  action: string;
  formTarget: string;
}

/** The account picker. No passwords: choosing an account is signing in. */
export function signInPage(
  _platform: Platform,
  visit: SignInVisit,
  refusal?: IdentityError,
): WebResponse {
  const { loginHint } = visit.parameters;
  const users = USERS.filter((user) => admits(visit.path, user, visit.registration));
  const isHinted = (user: User) => user.address === loginHint.toLowerCase();
  const ordered = [...users.filter(isHinted), ...users.filter((user) => !isHinted(user))];
  const isHintUnknown = loginHint !== "" && !users.some(isHinted);
  return page({
    title: "Sign in (sandbox)",
    layout: "dialog",
    status: refusal ? 400 : 200,
    formTarget: visit.formTarget,
    body: html`
<h1>Pick an account</h1>
<p class="muted">to continue to <strong>${visit.registration.name}</strong></p>
${refusal && refusalNote(refusal)}
<form method="post" action="${visit.action}">
<ul class="accounts">${ordered.map((user) => accountButton(user, isHinted(user)))}</ul>
</form>
<details${isHintUnknown && html` open`}>
<summary>Use another account</summary>
<form method="post" action="${visit.action}" class="stack">
<label for="account">Email address</label>
<input id="account" name="account" type="email" autocomplete="username" required
 value="${isHintUnknown ? loginHint : ""}">
<button class="primary">Next</button>
</form>
</details>
<form method="post" action="${visit.action}"><button class="link" name="cancel" value="1">Cancel and go back</button></form>`,
  });
}

/** A refusal with nowhere to go back to, as for an unknown application. */
export function errorPage(error: IdentityError): WebResponse {
  const described = describeError(error);
  return page({
    title: "Sign in: an error occurred (sandbox)",
    layout: "dialog",
    status: 400,
    body: html`
<h1>Sorry, but we’re having trouble signing you in.</h1>
<p class="refusal" role="alert"><strong>AADSTS${error.number}</strong><br>${error.message}</p>
<dl class="facts">
<dt>Trace ID</dt><dd>${described.traceId}</dd>
<dt>Correlation ID</dt><dd>${described.correlationId}</dd>
<dt>Timestamp</dt><dd>${described.timestamp}</dd>
</dl>
<p class="muted">As at Microsoft, nothing is sent back to the application for this error.</p>`,
  });
}

function refusalNote(refusal: IdentityError) {
  return html`<p class="refusal" role="alert"><strong>AADSTS${refusal.number}</strong><br>${refusal.message}</p>`;
}

function accountButton(user: User, isHinted: boolean) {
  const initials = user.name
    .replace(/\(.*\)/, "")
    .trim()
    .split(" ");
  return html`<li><button name="account" value="${user.address}"${isHinted && html` class="hinted" autofocus`}>
<span class="avatar" aria-hidden="true">${initials.slice(0, 2).map((part) => part.slice(0, 1))}</span>
<span class="who"><strong>${user.name}</strong><span>${user.address}</span></span>
${isHinted && html`<span class="chip">asked for</span>`}${user.isDisabled && html`<span class="chip off">sign-in blocked</span>`}
</button></li>`;
}
