import { createHash, randomBytes } from "node:crypto";
import { USERS, type User } from "../directory";
import type { Platform } from "../platform";
import type { Registration } from "../registrations";
import type { RefreshToken } from "../state";
import { IdentityError } from "./identity-error";

const DAY_MS = 86_400_000;
const INACTIVITY_MS = 90 * DAY_MS;
/** A long test run refreshes often; beyond this the oldest refresh tokens go. */
const REFRESH_TOKENS_KEPT = 5000;

/** What this person, or an administrator for everybody, agreed to for this application. */
export function consentedScopes(platform: Platform, user: User, clientId: string): Set<string> {
  const { consents } = platform.state.data;
  const own = consents[`${user.oid} ${clientId}`] ?? [];
  return new Set([...own, ...(consents[`${user.tenantId} ${clientId}`] ?? [])]);
}

/** Remembers a consent: for this person, or for everybody in the organisation. */
export function addConsent(
  platform: Platform,
  user: User,
  consent: { clientId: string; scopes: string[]; isForOrganisation: boolean },
): void {
  const { consents } = platform.state.data;
  const holder = consent.isForOrganisation ? user.tenantId : user.oid;
  const key = `${holder} ${consent.clientId}`;
  consents[key] = [...new Set([...(consents[key] ?? []), ...consent.scopes])];
  platform.state.save();
}

/** Takes back what this person agreed to; an organisation's consent goes with its administrator's. */
export function withdrawConsents(platform: Platform, user: User): void {
  const holders = [user.oid, ...(user.isAdministrator ? [user.tenantId] : [])];
  for (const key of Object.keys(platform.state.data.consents))
    if (holders.some((holder) => key.startsWith(`${holder} `)))
      delete platform.state.data.consents[key];
  platform.state.save();
}

/** What an administrator's "revoke sessions" does: older grants no longer count. */
export function revokeSignIn(platform: Platform, user: User): void {
  platform.state.data.revokedAt[user.oid] = platform.now();
  platform.state.save();
}

/** Issues a refresh token. The one it was made from stays valid, with its own 90 days. */
export function issueRefreshToken(
  platform: Platform,
  grant: Omit<RefreshToken, "issuedAt">,
): string {
  const token = `1.${randomBytes(160).toString("base64url")}`;
  const { refreshTokens } = platform.state.data;
  refreshTokens[tokenKey(token)] = { ...grant, issuedAt: platform.now() };
  const keys = Object.keys(refreshTokens);
  for (const key of keys.slice(0, Math.max(0, keys.length - REFRESH_TOKENS_KEPT)))
    delete refreshTokens[key];
  platform.state.save();
  return token;
}

export function findRefreshToken(platform: Platform, token: string): RefreshToken | undefined {
  return platform.state.data.refreshTokens[tokenKey(token)];
}

/** Ends every refresh token that descends from one sign-in. */
export function endFamily(platform: Platform, familyId: string): void {
  const { refreshTokens } = platform.state.data;
  for (const [key, token] of Object.entries(refreshTokens))
    if (token.familyId === familyId) delete refreshTokens[key];
  platform.state.save();
}

/** Refuses a refresh token of another application, one left unused, or one that was revoked. */
export function requireLiveGrant(
  platform: Platform,
  grant: RefreshToken,
  registration: Registration,
) {
  if (grant.clientId !== registration.clientId) throw new IdentityError(70000);
  const issued = new Date(grant.issuedAt).toISOString();
  if (grant.issuedAt + INACTIVITY_MS < platform.now())
    throw new IdentityError(700082, { values: { issued } });
  const revokedAt = platform.state.data.revokedAt[grant.oid] ?? 0;
  if (revokedAt >= grant.issuedAt)
    throw new IdentityError(50173, {
      values: { issued, validFrom: new Date(revokedAt).toISOString() },
    });
}

export function userByOid(oid: string): User {
  const user = USERS.find((candidate) => candidate.oid === oid);
  if (!user) throw new IdentityError(9002313);
  return user;
}

function tokenKey(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
