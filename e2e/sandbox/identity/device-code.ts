import { randomUUID } from "node:crypto";
import { findUser, USERS } from "../directory";
import { json, type WebRequest, type WebResponse } from "../http";
import { html, page } from "../pages/html";
import type { Platform } from "../platform";
import { DEVICE_CODE_LIFETIME_MS, type DeviceGrant } from "./device-grants";
import { addConsent } from "./grants";
import { errorResponse, IdentityError } from "./identity-error";
import { parseScopes, permissionKey } from "./scopes";
import { admits, parseTenantPath, requireAudience } from "./tenant-path";

const INTERVAL_S = 5;

/** `POST /{tenant}/oauth2/v2.0/devicecode` (RFC 8628 §3.1). */
export function deviceCodeEndpoint(
  platform: Platform,
  { body }: WebRequest,
  tenantSegment: string,
): WebResponse {
  try {
    const path = parseTenantPath(platform, tenantSegment);
    const client = body.get("client_id") ?? "";
    const registration = findRegistration(platform, client);
    if (!registration)
      throw new IdentityError(700016, { values: { client, directory: tenantSegment } });
    requireAudience(path, registration);
    const scope = body.get("scope") ?? "";
    parseScopes(scope);
    const grant = platform.devices.issue({ clientId: client, scope, now: platform.now() });
    platform.requests.record({ place: "token", what: "devicecode", outcome: "200" });
    const verificationUri = `${platform.authorizeOrigin}/devicelogin`;
    const fast = platform.faults.strikes("fast_device_code", { place: "token" });
    return json(200, {
      device_code: grant.deviceCode,
      user_code: grant.userCode,
      verification_uri: verificationUri,
      expires_in: fast?.seconds ?? DEVICE_CODE_LIFETIME_MS / 1000,
      interval: fast ? 1 : INTERVAL_S,
      message: `To sign in, open ${verificationUri} and enter the code ${grant.userCode}.`,
    });
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    platform.requests.record({
      place: "token",
      what: "devicecode",
      outcome: `AADSTS${error.number}`,
    });
    const origin = { authority: platform.authority, correlationId: randomUUID() };
    return errorResponse(error, origin);
  }
}

/** The page where the code is typed: on another device, as a rule. */
export function deviceLoginPage(platform: Platform, request: WebRequest): WebResponse {
  const { body } = request;
  const code = body.get("code") ?? request.query.get("code") ?? "";
  if (!code) return codeForm();
  const grant = platform.devices.findByUserCode(code);
  if (!grant || grant.isRedeemed || isOver(platform, grant))
    return codeForm("That code is not known, or it has expired. Check it and try again.");
  if (body.get("decline")) {
    grant.answer = { kind: "declined" };
    return told("You cancelled. You can close this page.");
  }
  const user = findUser(body.get("account") ?? "");
  if (!user || user.isDisabled) return accountForm(platform, grant);
  const asked = parseScopes(grant.scope);
  const scopes = [...asked.identity, ...asked.permissions.map(permissionKey)];
  addConsent(platform, user, { clientId: grant.clientId, scopes, isForOrganisation: false });
  grant.answer = { kind: "accepted", user };
  return told(`You signed in as ${user.address}. You can close this page.`);
}

function isOver(platform: Platform, { issuedAt }: DeviceGrant): boolean {
  return issuedAt + DEVICE_CODE_LIFETIME_MS < platform.now();
}

function codeForm(problem?: string): WebResponse {
  return page({
    title: "Enter code (sandbox)",
    layout: "dialog",
    status: problem === undefined ? 200 : 400,
    body: html`
<h1>Enter code</h1>
<p class="muted">Enter the code that is shown on the other device.</p>
${problem !== undefined && html`<p class="refusal" role="alert">${problem}</p>`}
<form method="post" action="/devicelogin" class="stack">
<label for="code">Code</label><input id="code" name="code" required autocomplete="off" autofocus>
<button class="primary">Next</button></form>`,
  });
}

function accountForm(platform: Platform, grant: DeviceGrant): WebResponse {
  const registration = findRegistration(platform, grant.clientId);
  const path = { kind: "common" } as const;
  const users = USERS.filter(
    (user) =>
      registration &&
      admits(path, user, registration) &&
      (registration.accountTypes !== "tenant" || user.tenantId === registration.tenantId),
  );
  return page({
    title: "Sign in (sandbox)",
    layout: "dialog",
    body: html`
<h1>Pick an account</h1>
<p>You are signing in to <strong>${registration?.name ?? ""}</strong> on another device. Continue only
if you asked for this code yourself.</p>
<form method="post" action="/devicelogin"><input type="hidden" name="code" value="${grant.userCode}">
<ul class="accounts">${users.map(
      ({ address, name }) =>
        html`<li><button name="account" value="${address}"><span class="who"><strong>${name}</strong><span>${address}</span></span></button></li>`,
    )}</ul>
<button class="link" name="decline" value="1">Cancel</button></form>`,
  });
}

function told(text: string): WebResponse {
  return page({
    title: "Signed in on the other device (sandbox)",
    layout: "dialog",
    body: html`<h1>${text}</h1>`,
  });
}

function findRegistration({ state }: Platform, clientId: string) {
  return state.data.registrations.find((each) => each.clientId === clientId.toLowerCase());
}
