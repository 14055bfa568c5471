import { heldBack } from "../faults";
import { json, type WebRequest, type WebResponse } from "../http";
import { findRegistration, type Platform } from "../platform";
import type { Registration } from "../registrations";
import { authenticateClient } from "./client-authentication";
import { findRefreshToken, userByOid } from "./grants";
import { errorResponse, IdentityError } from "./identity-error";
import { parseTenantPath, requireAudience, type TenantPath } from "./tenant-path";
import { respondToGrant } from "./token-grants";
import { transportFault } from "./transport-faults";

/** Grants by the name in the request log. */
const KNOWN_GRANTS: ReadonlyMap<string, string> = new Map([
  ["authorization_code", "authorization_code"],
  ["refresh_token", "refresh_token"],
  ["client_credentials", "client_credentials"],
  ["urn:ietf:params:oauth:grant-type:device_code", "device_code"],
]);

/** `POST /{tenant}/oauth2/v2.0/token`. */
export function tokenEndpoint(
  platform: Platform,
  request: WebRequest,
  tenantSegment: string,
): WebResponse {
  const mailbox = subjectOf(platform, request.body);
  const answer = transportFault(platform, { place: "token", mailbox, request }) ?? answerRequest();
  const delay = platform.faults.strikes("slow", { place: "token", mailbox });
  if (!delay) return answer;
  const held = heldBack(delay);
  noteOverlap(platform, request.body, held);
  return { ...answer, held };

  function answerRequest(): WebResponse {
    try {
      const body = redeem(platform, request, tenantSegment);
      log(platform, request, { mailbox, outcome: "200" });
      return json(200, body, { "cache-control": "no-store, no-cache", pragma: "no-cache" });
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error;
      log(platform, request, { mailbox, outcome: `AADSTS${error.number}` });
      return errorResponse(platform, error);
    }
  }
}

/** Counts requests with the tokens of one sign-in while another one has not been answered. */
function noteOverlap(platform: Platform, body: URLSearchParams, held: Promise<void>): void {
  const grant = findRefreshToken(platform, body.get("refresh_token") ?? "");
  if (!grant) return;
  const { underWay } = platform;
  if (underWay.has(grant.familyId))
    platform.requests.record({ place: "token", what: "overlap", outcome: "noted" });
  underWay.add(grant.familyId);
  void held.then(() => underWay.delete(grant.familyId));
}

function redeem(platform: Platform, request: WebRequest, tenantSegment: string): object {
  if (request.method !== "POST")
    throw new IdentityError(900561, { values: { method: request.method } });
  if (platform.faults.strikes("tenant_unknown", { place: "token" }))
    throw new IdentityError(90002, { values: { tenant: tenantSegment } });
  const path = parseTenantPath(platform, tenantSegment);
  const registration = identify(platform, request.body, path);
  authenticateClient(platform, registration, request.body);
  return respondToGrant(platform, { registration, path, body: request.body });
}

function identify(platform: Platform, body: URLSearchParams, path: TenantPath): Registration {
  const client = body.get("client_id") ?? "";
  if (!client) throw new IdentityError(900144, { values: { parameter: "client_id" } });
  if (!body.get("grant_type"))
    throw new IdentityError(900144, { values: { parameter: "grant_type" } });
  const directory = path.kind === "tenant" ? path.tenant.name : path.kind;
  const registration = findRegistration(platform, client);
  if (!registration) throw new IdentityError(700016, { values: { client, directory } });
  if (platform.faults.strikes("app_disabled", { place: "token" }))
    throw new IdentityError(7000112, { values: { client, name: registration.name } });
  const isAppOnly = body.get("grant_type") === "client_credentials";
  if (isAppOnly && path.kind !== "tenant" && path.kind !== "organizations")
    throw new IdentityError(9001023);
  requireAudience(path, registration);
  return registration;
}

/** Whom a request is about, as far as one can tell before it has been checked. */
function subjectOf(platform: Platform, body: URLSearchParams): string | undefined {
  const code = platform.codes.get(body.get("code") ?? "");
  if (code) return code.user.address;
  const refreshToken = findRefreshToken(platform, body.get("refresh_token") ?? "");
  return refreshToken ? userByOid(refreshToken.oid).address : undefined;
}

function log(
  platform: Platform,
  request: WebRequest,
  result: { mailbox: string | undefined; outcome: string },
): void {
  const grant = request.body.get("grant_type") ?? "";
  platform.requests.record({
    place: "token",
    what: KNOWN_GRANTS.get(grant) ?? "other",
    outcome: result.outcome,
    ...(result.mailbox ? { mailbox: result.mailbox } : {}),
  });
}
