import type { WebRequest } from "../http";
import { findRegistration, type Platform } from "../platform";
import type { Registration } from "../registrations";
import { IdentityError } from "./identity-error";
import { parseScopes, type RequestedScopes } from "./scopes";
import { parseTenantPath, requireAudience, type TenantPath } from "./tenant-path";

/** An authorization request whose application and redirect URI are proven. */
export interface AuthorizeRequest {
  registration: Registration;
  path: TenantPath;
  redirectUri: string;
  state: string | undefined;
}

/** The other parameters, once it is known where to send a refusal. */
export interface AuthorizeParameters {
  scope: string;
  scopes: RequestedScopes;
  codeChallenge: string;
  nonce: string | undefined;
  loginHint: string;
  prompt: string;
}

const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/**
 * Checks who asks and where the answer goes. What fails here ends in a page of the identity
 * platform: an address that is not registered must never be redirected to.
 */
export function identifyRequest(
  platform: Platform,
  request: WebRequest,
  tenantSegment: string,
): AuthorizeRequest {
  const { query } = request;
  if (platform.faults.strikes("tenant_unknown", { place: "authorize" }))
    throw new IdentityError(90002, { values: { tenant: tenantSegment } });
  const path = parseTenantPath(platform, tenantSegment);
  const client = query.get("client_id") ?? "";
  if (!client) throw new IdentityError(900144, { values: { parameter: "client_id" } });
  const registration = findRegistration(platform, client);
  const directory = path.kind === "tenant" ? path.tenant.name : path.kind;
  if (!registration) throw new IdentityError(700016, { values: { client, directory } });
  requireAudience(path, registration);
  const redirect = query.get("redirect_uri") ?? "";
  if (!registration.redirectUris.includes(redirect))
    throw new IdentityError(50011, { values: { redirect, client } });
  if (platform.faults.strikes("app_disabled", { place: "authorize" }))
    throw new IdentityError(7000112, { values: { client, name: registration.name } });
  return { registration, path, redirectUri: redirect, state: query.get("state") ?? undefined };
}

/** Checks what is asked. What fails here goes back to the application as `error=`. */
export function readParameters(query: URLSearchParams): AuthorizeParameters {
  const type = query.get("response_type") ?? "";
  if (type !== "code") throw new IdentityError(70005, { values: { type } });
  const mode = query.get("response_mode") ?? "query";
  if (mode !== "query") throw new IdentityError(70007, { values: { mode } });
  const scope = query.get("scope") ?? "";
  if (!scope.trim()) throw new IdentityError(900144, { values: { parameter: "scope" } });
  return {
    scope,
    scopes: parseScopes(scope),
    codeChallenge: readChallenge(query),
    nonce: query.get("nonce") ?? undefined,
    loginHint: query.get("login_hint")?.trim() ?? "",
    prompt: query.get("prompt") ?? "",
  };
}

/** The sandbox insists on PKCE with S256, which the product always uses. */
function readChallenge(query: URLSearchParams): string {
  const challenge = query.get("code_challenge");
  if (!challenge) throw new IdentityError(900144, { values: { parameter: "code_challenge" } });
  if (query.get("code_challenge_method") !== "S256" || !CHALLENGE.test(challenge))
    throw new IdentityError(501491);
  return challenge;
}
