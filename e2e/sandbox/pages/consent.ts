import type { User } from "../directory";
import type { WebResponse } from "../http";
import { describeScopes } from "../identity/scopes";
import { tenantName } from "../identity/tenant-path";
import { html, page } from "./html";
import type { SignInVisit } from "./sign-in";

/** "Permissions requested": what the application will be able to do for this person. */
export function consentPage(visit: SignInVisit, user: User): WebResponse {
  return page({
    title: "Permissions requested (sandbox)",
    layout: "dialog",
    formTarget: visit.formTarget,
    body: html`
${signedInAs(user)}
<h1>Permissions requested</h1>
<p><strong>${visit.registration.name}</strong> <span class="muted">from ${tenantName(visit.registration.tenantId)}</span></p>
<p class="muted">This application would like to:</p>
<ul class="permissions">${describeScopes(visit.parameters.scopes).map(
      (scope) => html`<li>${scope.text}<code>${scope.key}</code></li>`,
    )}</ul>
<form method="post" action="${visit.action}" class="actions">
<input type="hidden" name="account" value="${user.address}">
${
  user.isAdministrator &&
  html`<label class="check"><input type="checkbox" name="organisation" value="true">
Consent on behalf of your organisation</label>`
}
<button name="cancel" value="1" formnovalidate>Cancel</button>
<button class="primary" name="consent" value="accept">Accept</button>
</form>`,
  });
}

function signedInAs(user: User) {
  return html`<p class="signed-in">${user.address}</p>`;
}
