import { findUser, USERS, type User } from "../directory";
import type { WebRequest, WebResponse } from "../http";
import { html, page, seeOther } from "../pages/html";
import { errorPage } from "../pages/sign-in";
import type { Platform } from "../platform";
import type { Registration } from "../registrations";
import { addConsent } from "./grants";
import { describeError, IdentityError, oauthErrorOf } from "./identity-error";
import { describeScopes, parseScopes, permissionKey, type RequestedScopes } from "./scopes";
import { parseTenantPath, type TenantPath } from "./tenant-path";

interface Visit {
  registration: Registration;
  tenantId: string;
  redirectUri: string;
  state: string;
  scopes: RequestedScopes;
  action: string;
}

/** `GET` and `POST /{tenant}/v2.0/adminconsent`: an administrator agrees for the whole organisation. */
export function adminConsentEndpoint(
  platform: Platform,
  request: WebRequest,
  segment: string,
): WebResponse {
  let visit: Visit;
  try {
    visit = identify(platform, request, segment);
  } catch (error) {
    if (error instanceof IdentityError) return errorPage(error);
    throw error;
  }
  const { body } = request;
  if (body.get("cancel")) return refuse(platform, visit, new IdentityError(65004));
  const user = findUser(body.get("account") ?? "");
  if (!user) return accountPage(visit);
  if (!user.isAdministrator || user.tenantId !== visit.tenantId)
    return refuse(
      platform,
      visit,
      new IdentityError(90094, { values: { name: visit.registration.name } }),
    );
  if (body.get("consent") !== "accept") return consentPage(visit, user);
  const scopes = [...visit.scopes.identity, ...visit.scopes.permissions.map(permissionKey)];
  const { clientId } = visit.registration;
  addConsent(platform, user, { clientId, scopes, isForOrganisation: true });
  platform.requests.record({ place: "authorize", what: "admin consent", outcome: "granted" });
  return back(visit, { admin_consent: "True", tenant: visit.tenantId });
}

function identify(platform: Platform, { query, path }: WebRequest, segment: string): Visit {
  const tenant: TenantPath = parseTenantPath(platform, segment);
  if (tenant.kind !== "tenant") throw new IdentityError(9001023);
  const client = query.get("client_id") ?? "";
  const registration = platform.state.data.registrations.find(
    (each) => each.clientId === client.toLowerCase(),
  );
  if (!registration)
    throw new IdentityError(700016, { values: { client, directory: tenant.tenant.name } });
  const redirect = query.get("redirect_uri") ?? "";
  if (!registration.redirectUris.includes(redirect))
    throw new IdentityError(50011, { values: { redirect, client } });
  return {
    registration,
    tenantId: tenant.tenant.id,
    redirectUri: redirect,
    state: query.get("state") ?? "",
    scopes: readScopes(query.get("scope") ?? ""),
    action: `${path}?${query}`,
  };
}

/** With `.default` the page lists what the registration asks for: here its roles, which are given. */
function readScopes(scope: string): RequestedScopes {
  return scope.endsWith("/.default") ? { identity: [], permissions: [] } : parseScopes(scope);
}

function refuse(platform: Platform, visit: Visit, error: IdentityError): WebResponse {
  platform.requests.record({
    place: "authorize",
    what: "admin consent",
    outcome: `AADSTS${error.number}`,
  });
  return back(visit, {
    error: oauthErrorOf(error.number),
    error_description: describeError(error).description,
  });
}

function back({ redirectUri, state }: Visit, fields: Record<string, string>): WebResponse {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...fields, state }))
    url.searchParams.set(name, value);
  return seeOther(url.href);
}

function accountPage(visit: Visit): WebResponse {
  const users = USERS.filter(
    ({ tenantId, isDisabled }) => tenantId === visit.tenantId && !isDisabled,
  );
  return page({
    title: "Sign in as an administrator (sandbox)",
    layout: "dialog",
    formTarget: new URL(visit.redirectUri).origin,
    body: html`
<h1>Pick an account</h1>
<p class="muted">Only an administrator can agree for the whole organisation.</p>
<form method="post" action="${visit.action}">
<ul class="accounts">${users.map(
      ({ address, name, isAdministrator }) =>
        html`<li><button name="account" value="${address}"><span class="who"><strong>${name}</strong><span>${address}</span></span>${isAdministrator && html`<span class="chip">administrator</span>`}</button></li>`,
    )}</ul>
<button class="link" name="cancel" value="1">Cancel and go back</button></form>`,
  });
}

function consentPage(visit: Visit, user: User): WebResponse {
  const { registration, scopes } = visit;
  const texts = [
    ...describeScopes(scopes).map(({ text, key }) => html`<li>${text}<code>${key}</code></li>`),
    ...(scopes.permissions.length === 0
      ? registration.applicationPermissions.map((name) => html`<li><code>${name}</code></li>`)
      : []),
  ];
  return page({
    title: "Permissions requested for your organisation (sandbox)",
    layout: "dialog",
    formTarget: new URL(visit.redirectUri).origin,
    body: html`
<p class="signed-in">${user.address}</p>
<h1>Permissions requested</h1>
<p><strong>${registration.name}</strong> <span class="muted">Review for your organisation</span></p>
<ul class="permissions">${texts}</ul>
<form method="post" action="${visit.action}" class="actions">
<input type="hidden" name="account" value="${user.address}">
<button name="cancel" value="1">Cancel</button>
<button class="primary" name="consent" value="accept">Accept</button></form>`,
  });
}
