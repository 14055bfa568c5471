import { randomBytes } from "node:crypto";
import { USERS, type User } from "../directory";
import type { Platform } from "../platform";
import type { Registration } from "../registrations";
import { seal, unseal } from "../sealed";
import type { RefreshToken } from "../state";
import { IdentityError } from "./identity-error";

const DAY_MS = 86_400_000;
const INACTIVITY_MS = 90 * DAY_MS;
/** As long as Microsoft's are, so that measurements and columns are realistic. */
const PADDING_BYTES = 500;
const PREFIX = "1.";

/** A new code that stands for the grant, in memory: codes are over after minutes anyway. */
export function keepCode<Grant>(codes: Map<string, Grant>, prefix: string, grant: Grant): string {
  const code = prefix + randomBytes(96).toString("base64url");
  codes.set(code, grant);
  return code;
}

/** What this person, or an administrator for all users, agreed to for this application. */
export function consentedScopes(platform: Platform, user: User, clientId: string): Set<string> {
  const { consents } = platform.state.data;
  const own = consents[`${user.oid} ${clientId}`] ?? [];
  return new Set([...own, ...(consents[`${user.tenantId} ${clientId}`] ?? [])]);
}

/** Remembers a consent: for this person, or for the whole organisation. */
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

/** What an administrator's "revoke sessions" does: older grants no longer count. */
export function revokeSignIn(platform: Platform, user: User): void {
  platform.state.data.revokedAt[user.oid] = platform.now();
  platform.state.save();
}

/** Issues a refresh token. The one it was made from stays valid, with its own 90 days. */
export function issueRefreshToken(
  { state, now }: Platform,
  grant: Omit<RefreshToken, "issuedAt">,
): string {
  const padding = randomBytes(PADDING_BYTES).toString("base64url");
  return seal(state.data.tokenKey, PREFIX, { ...grant, issuedAt: now(), padding });
}

export function findRefreshToken({ state }: Platform, token: string): RefreshToken | undefined {
  const { tokenKey, endedFamilies } = state.data;
  const grant = unseal<RefreshToken>(tokenKey, PREFIX, token);
  return grant && endedFamilies.includes(grant.familyId) ? undefined : grant;
}

/** Ends every refresh token that descends from one sign-in. */
export function endFamily(platform: Platform, familyId: string): void {
  platform.state.data.endedFamilies.push(familyId);
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
