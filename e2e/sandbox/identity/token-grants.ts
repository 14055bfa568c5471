import { createHash } from "node:crypto";
import type { User } from "../directory";
import type { Platform } from "../platform";
import type { Registration } from "../registrations";
import type { RefreshToken } from "../state";
import { DEVICE_CODE_LIFETIME_MS } from "./device-code";
import {
  consentedScopes,
  endFamily,
  findRefreshToken,
  issueRefreshToken,
  requireLiveGrant,
  userByOid,
} from "./grants";
import { IdentityError } from "./identity-error";
import {
  defaultResourceHost,
  GRAPH_HOST,
  parseScopes,
  permissionKey,
  permissionScope,
  singleResource,
} from "./scopes";
import { concreteTenant, type TenantPath } from "./tenant-path";
import { clientInfo, mintAccessToken, mintIdToken } from "./tokens";

interface GrantRequest {
  registration: Registration;
  path: TenantPath;
  body: URLSearchParams;
}

const CODE_LIFETIME_MS = 10 * 60_000;

interface UserGrant {
  user: User;
  scope: string;
  familyId: string;
  nonce: string | undefined;
  as?: RefreshToken["as"];
}

/** Answers a token request whose client has been authenticated. */
export function respondToGrant(platform: Platform, request: GrantRequest): object {
  const grant = request.body.get("grant_type") ?? "";
  switch (grant) {
    case "authorization_code":
      return issueTokens(platform, request, redeemCode(platform, request));
    case "refresh_token":
      return issueTokens(platform, request, redeemRefreshToken(platform, request));
    case "client_credentials":
      return issueAppToken(platform, request);
    case "urn:ietf:params:oauth:grant-type:device_code":
      return issueTokens(platform, request, redeemDeviceCode(platform, request));
    default:
      throw new IdentityError(70003, { values: { grant } });
  }
}

function redeemCode(platform: Platform, { registration, path, body }: GrantRequest): UserGrant {
  const grant = platform.codes.get(required(body, "code"));
  if (!grant || grant.clientId !== registration.clientId) throw new IdentityError(9002313);
  if (grant.isRedeemed) {
    endFamily(platform, grant.familyId);
    throw new IdentityError(54005);
  }
  if (grant.issuedAt + CODE_LIFETIME_MS < platform.now()) throw new IdentityError(70008);
  if (path.kind === "tenant" && path.tenant.id !== grant.user.tenantId)
    throw new IdentityError(700005);
  const redirect = required(body, "redirect_uri");
  if (redirect !== grant.redirectUri)
    throw new IdentityError(500112, { values: { redirect, original: grant.redirectUri } });
  const verifier = createHash("sha256").update(required(body, "code_verifier"));
  if (verifier.digest("base64url") !== grant.codeChallenge) throw new IdentityError(501481);
  grant.isRedeemed = true;
  const { user, familyId, nonce } = grant;
  return { user, familyId, nonce, scope: body.get("scope") ?? grant.scope };
}

/** RFC 8628 §3.5. */
function redeemDeviceCode(platform: Platform, { registration, body }: GrantRequest): UserGrant {
  const grant = platform.devices.get(required(body, "device_code"));
  if (!grant || grant.clientId !== registration.clientId || grant.isRedeemed)
    throw new IdentityError(70018);
  const now = platform.now();
  if (grant.issuedAt + DEVICE_CODE_LIFETIME_MS < now) throw new IdentityError(70019);
  const number = platform.faults.raised({ place: "token" });
  if (number) throw new IdentityError(number);
  if (platform.faults.strikes("device_slow_down", { place: "token" }))
    throw new IdentityError(70016, { error: "slow_down" });
  if (grant.answer.kind === "declined")
    throw new IdentityError(65004, { error: "authorization_declined" });
  if (grant.answer.kind === "pending") throw new IdentityError(70016);
  grant.isRedeemed = true;
  const { user } = grant.answer;
  return { user, familyId: grant.familyId, nonce: undefined, scope: grant.scope };
}

function redeemRefreshToken(
  platform: Platform,
  { registration, path, body }: GrantRequest,
): UserGrant {
  const grant = findRefreshToken(platform, required(body, "refresh_token"));
  if (!grant) throw new IdentityError(9002313);
  requireLiveGrant(platform, grant, registration);
  const user = userByOid(grant.oid);
  if (path.kind === "tenant" && path.tenant.id !== user.tenantId) throw new IdentityError(700005);
  const scope = body.get("scope") ?? grant.scopes.join(" ");
  const { familyId, as } = grant;
  return { user, familyId, nonce: undefined, scope, ...(as && { as }) };
}

function issueTokens(platform: Platform, request: GrantRequest, grant: UserGrant): object {
  const { registration } = request;
  const { user, scope } = grant;
  if (user.isDisabled) throw new IdentityError(50057);
  const requested = parseScopes(scope);
  const resource = singleResource(requested, scope);
  requireNoFault(platform, { user, registration, resource: resource?.host ?? GRAPH_HOST });

  const consented = consentedScopes(platform, user, registration.clientId);
  const granted = withoutFault(
    platform,
    user,
    requested.permissions.filter((permission) => consented.has(permissionKey(permission))),
  );
  if (requested.permissions.length > 0 && granted.length === 0)
    throw new IdentityError(65001, {
      values: { client: registration.clientId, name: registration.name },
    });

  const owner = { ...user, ...grant.as };
  const names = granted.map((permission) => permission.name);
  const minted = mintAccessToken(platform, {
    registration,
    tenantId: owner.tenantId,
    host: resource?.host ?? GRAPH_HOST,
    subject: { kind: "user", user: owner, permissions: names },
  });
  const scopes = granted.length > 0 ? granted.map(permissionScope) : requested.identity;
  const has = (name: string) => requested.identity.includes(name) && consented.has(name);
  return {
    token_type: "Bearer",
    scope: scopes.join(" "),
    expires_in: minted.expiresInSeconds,
    ext_expires_in: minted.expiresInSeconds,
    access_token: minted.token,
    ...(has("offline_access") ? refreshTokenField(platform, request, grant) : {}),
    ...(has("openid")
      ? { id_token: mintIdToken(platform, { registration, user: owner, nonce: grant.nonce }) }
      : {}),
    ...(request.body.get("client_info") ? { client_info: clientInfo(owner) } : {}),
  };
}

/** Throws where a fault refuses this person. */
function requireNoFault(
  platform: Platform,
  request: { user: User; registration: Registration; resource: string },
): void {
  const { user, registration, resource } = request;
  const where = { place: "token" as const, mailbox: user.address };
  const { strikes, raised } = platform.faults;
  const number =
    (strikes("grant_revoked", where) && 50173) ||
    (strikes("conditional_access", where) && 53003) ||
    raised(where);
  if (!number) return;
  const now = platform.now();
  throw new IdentityError(number, {
    values: {
      client: registration.clientId,
      name: registration.name,
      user: user.address,
      resource,
      issued: new Date(now - 91 * 86_400_000).toISOString(),
      validFrom: new Date(now).toISOString(),
    },
  });
}

function withoutFault<P extends { name: string }>(
  platform: Platform,
  user: User,
  permissions: P[],
) {
  const where = { place: "token" as const, mailbox: user.address };
  return platform.faults.strikes("fewer_scopes", where)
    ? permissions.filter((permission) => permission.name !== "SMTP.Send")
    : permissions;
}

function refreshTokenField(platform: Platform, request: GrantRequest, grant: UserGrant): object {
  const where = { place: "token" as const, mailbox: grant.user.address };
  if (platform.faults.strikes("no_refresh_token", where)) return {};
  const refreshToken = issueRefreshToken(platform, {
    oid: grant.user.oid,
    clientId: request.registration.clientId,
    scopes: grant.scope.split(/\s+/).filter(Boolean),
    familyId: grant.familyId,
    ...(grant.as && { as: grant.as }),
  });
  return { refresh_token: refreshToken };
}

/**
 * A token for the application itself. One without application permissions gets a token too, without
 * roles: the platform authenticates, and the resource refuses.
 */
function issueAppToken(platform: Platform, { registration, path, body }: GrantRequest): object {
  const host = defaultResourceHost(required(body, "scope"));
  const number = platform.faults.raised({ place: "token" });
  if (number) throw new IdentityError(number);
  const minted = mintAccessToken(platform, {
    registration,
    tenantId: concreteTenant(path)?.id ?? registration.tenantId,
    host,
    subject: { kind: "app", roles: appRoles(platform, registration, host) },
  });
  return {
    token_type: "Bearer",
    expires_in: minted.expiresInSeconds,
    ext_expires_in: minted.expiresInSeconds,
    access_token: minted.token,
  };
}

/** Of the resource that was asked for. Every application here may manage itself, unless a fault says no. */
function appRoles(platform: Platform, registration: Registration, host: string): string[] {
  const ofGraph = (name: string) => name.startsWith("Mail.");
  const { applicationPermissions: all } = registration;
  if (host !== platform.authority) return all.filter((name) => !ofGraph(name));
  const isDenied = platform.faults.strikes("graph_permission_missing", { place: "token" });
  return [...(isDenied ? [] : ["Application.ReadWrite.OwnedBy"]), ...all.filter(ofGraph)];
}

function required(body: URLSearchParams, parameter: string): string {
  const value = body.get(parameter);
  if (!value) throw new IdentityError(900144, { values: { parameter } });
  return value;
}
