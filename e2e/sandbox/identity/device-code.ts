import { randomInt, randomUUID } from "node:crypto";
import { findUser, USERS } from "../directory";
import { json, type WebRequest, type WebResponse } from "../http";
import { accountsPage, told } from "../pages/dialogs";
import { html, page } from "../pages/html";
import { type DeviceGrant, findRegistration, type Platform } from "../platform";
import { addConsent, keepCode } from "./grants";
import { errorResponse, IdentityError } from "./identity-error";
import { parseScopes, permissionKey } from "./scopes";
import { admits, parseTenantPath, requireAudience } from "./tenant-path";

export const DEVICE_CODE_LIFETIME_MS = 15 * 60_000;
const INTERVAL_S = 5;
/** Letters that cannot be mistaken for one another, as in Microsoft's codes. */
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

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
    const userCode = Array.from({ length: 9 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
    const deviceCode = keepCode(platform.devices, "1.", {
      userCode,
      clientId: client,
      scope,
      issuedAt: platform.now(),
      familyId: randomUUID(),
      answer: { kind: "pending" },
      isRedeemed: false,
    });
    platform.requests.record({ place: "token", what: "devicecode", outcome: "200" });
    const verificationUri = `${platform.authorizeOrigin}/devicelogin`;
    const fast = platform.faults.strikes("fast_device_code", { place: "token" });
    return json(200, {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: verificationUri,
      expires_in: fast?.seconds ?? DEVICE_CODE_LIFETIME_MS / 1000,
      interval: fast ? 1 : INTERVAL_S,
      message: `To sign in, open ${verificationUri} and enter the code ${userCode}.`,
    });
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    platform.requests.record({
      place: "token",
      what: "devicecode",
      outcome: `AADSTS${error.number}`,
    });
    return errorResponse(platform, error);
  }
}

/** The page where the code is typed: on another device, as a rule. */
export function deviceLoginPage(platform: Platform, request: WebRequest): WebResponse {
  const { body } = request;
  const code = body.get("code") ?? request.query.get("code") ?? "";
  if (!code) return codeForm();
  const typed = code.trim().toUpperCase();
  const grant = [...platform.devices.values()].find(({ userCode }) => userCode === typed);
  if (!grant || grant.isRedeemed || isOver(platform, grant))
    return codeForm("That code is not known, or it has expired. Check it and try again.");
  if (body.get("cancel")) {
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
    title: "Enter code",
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
  return accountsPage({
    heading: "Pick an account",
    action: `/devicelogin?code=${grant.userCode}`,
    intro: html`You are signing in to <strong>${registration?.name ?? ""}</strong> on another device. Continue only
if you asked for this code yourself.`,
    accounts: users,
  });
}
