import { findUser, USERS, type User } from "../directory";
import type { WebRequest, WebResponse } from "../http";
import { accountsPage, consentPage } from "../pages/dialogs";
import { html, sendBack } from "../pages/html";
import { findRegistration, type Platform } from "../platform";
import type { Registration } from "../registrations";
import { permissionList, troublePage } from "./authorize";
import { addConsent } from "./grants";
import { describeError, IdentityError, oauthErrorOf } from "./identity-error";
import { parseScopes, permissionKey, type RequestedScopes } from "./scopes";
import { parseTenantPath, type TenantPath } from "./tenant-path";

interface Visit {
  registration: Registration;
  tenantId: string;
  redirectUri: string;
  state: string;
  scopes: RequestedScopes;
  action: string;
  formTarget: string;
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
    if (error instanceof IdentityError) return troublePage(error);
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
  if (body.get("consent") !== "accept") return askForConsent(visit, user);
  const scopes = [...visit.scopes.identity, ...visit.scopes.permissions.map(permissionKey)];
  const { clientId } = visit.registration;
  addConsent(platform, user, { clientId, scopes, isForOrganisation: true });
  platform.requests.record({ place: "authorize", what: "admin consent", outcome: "granted" });
  return sendBack(visit.redirectUri, {
    admin_consent: "True",
    tenant: visit.tenantId,
    state: visit.state,
  });
}

function identify(platform: Platform, { query, path }: WebRequest, segment: string): Visit {
  const tenant: TenantPath = parseTenantPath(platform, segment);
  if (tenant.kind !== "tenant") throw new IdentityError(9001023);
  const client = query.get("client_id") ?? "";
  const registration = findRegistration(platform, client);
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
    formTarget: new URL(redirect).origin,
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
  return sendBack(visit.redirectUri, {
    error: oauthErrorOf(error.number),
    error_description: describeError(error).description,
    state: visit.state,
  });
}

function accountPage(visit: Visit): WebResponse {
  const users = USERS.filter(
    ({ tenantId, isDisabled }) => tenantId === visit.tenantId && !isDisabled,
  );
  return accountsPage({
    ...visit,
    heading: "Pick an account",
    intro: html`Only an administrator can agree for the whole organisation.`,
    accounts: users.map((user) => ({
      ...user,
      details: user.isAdministrator ? ["administrator"] : [],
    })),
  });
}

function askForConsent(visit: Visit, { address }: User): WebResponse {
  const { registration, scopes } = visit;
  const roles = registration.applicationPermissions;
  return consentPage({
    ...visit,
    heading: "Permissions requested",
    account: address,
    asked: html`<p><strong>${registration.name}</strong> Review for your organisation</p>
${
  scopes.permissions.length > 0
    ? permissionList(scopes)
    : html`<ul class="permissions">${roles.map((name) => html`<li><code>${name}</code></li>`)}</ul>`
}`,
  });
}
