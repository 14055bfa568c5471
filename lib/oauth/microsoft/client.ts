import type { AccountInfo } from "@azure/msal-node";
import { decodeJwt } from "jose";
import { z } from "zod";
import { readJson } from "@/lib/kernel/text/parse-json";
import { OAuthFailure } from "../oauth-failure";
import type {
  AuthorizationUrlRequest,
  CodeGrant,
  Person,
  Registration,
  SignIn,
  TokenSet,
} from "../service";
import {
  ofAnother,
  requireMailPermission,
  requireOwner,
  requireRefreshToken,
  type TokenReply,
} from "../token-reply";
import { verifySignedIn } from "./id-token";
import {
  graphScopes,
  IDENTITY_SCOPES,
  missingAppRoles,
  missingScopes,
  permissions,
  requestedScopes,
  requireMember,
} from "./mail-tokens";
import {
  createClient,
  createPublicClient,
  type Granted,
  isPublicClientCache,
  NO_REFRESH_TOKEN,
  toTokenSet,
  withoutRefreshToken,
} from "./msal-client";

/** RFC 6749 §4.1.1 */
export async function authorizationUrl(
  registration: Registration,
  request: AuthorizationUrlRequest,
): Promise<URL> {
  const { client } = createClient(registration);
  const { graphUses = [] } = request;
  const url = await client.getAuthCodeUrl({
    scopes: [...IDENTITY_SCOPES, ...requestedScopes(registration)],
    ...(graphUses.length > 0 && {
      extraScopesToConsent: graphScopes(registration, graphUses),
    }),
    redirectUri: request.redirectUri,
    responseMode: "query",
    codeChallenge: request.codeChallenge,
    codeChallengeMethod: "S256",
    state: request.state,
    nonce: request.nonce,
    prompt: "select_account",
  });
  const address = new URL(url);
  // MSAL omits the hint with `select_account`; the platform lists that account first.
  if (request.loginHint) address.searchParams.set("login_hint", request.loginHint);
  return address;
}

/** RFC 6749 §4.1.3. @throws OAuthFailure, AppError callback.id_token_invalid, token.guest */
export async function redeemCode(
  registration: Registration,
  { nonce, issuer, ...request }: CodeGrant,
): Promise<SignIn> {
  const { client, ask } = createClient(registration);
  const scopes = requestedScopes(registration);
  const granted = await ask(client.acquireTokenByCode({ ...request, nonce, scopes }));
  return signedIn(registration, { client, granted, nonce, issuer });
}

type Answered = {
  client: Parameters<typeof toTokenSet>[1];
  granted: Granted;
  clientType?: "public" | "confidential";
} & Omit<Parameters<typeof verifySignedIn>[1], "idToken">;

/** @throws OAuthFailure, AppError callback.id_token_invalid, token.guest */
export async function signedIn(
  registration: Registration,
  { client, granted, clientType, ...asked }: Answered,
): Promise<SignIn> {
  requireRefreshToken(granted.reply, NO_REFRESH_TOKEN);
  const tokens = toTokenSet(granted, client, clientType);
  requireMailPermission(permissions("delegated", tokens.scopes), "callback.mail_not_granted");
  const identity = await verifySignedIn(registration, { ...asked, idToken: tokens.idToken });
  requireMember(tokens.accessToken);
  return { identity, tokens, missingScopes: missingScopes(tokens.scopes) };
}

/** RFC 6749 §6. The old token stays valid, so a lost answer loses nothing. @throws OAuthFailure */
export async function refreshTokens(registration: Registration, cache: string, person: Person) {
  const tokens = await refreshFor(registration, { cache, person }, requestedScopes(registration));
  requireMailPermission(permissions("delegated", tokens.scopes), "postkey.no_mail_permission");
  return tokens;
}

export type Kept = { cache: string; person: Person };

/** One resource per request (AADSTS28000); the refresh token is good for each. */
export async function refreshFor(
  registration: Registration,
  { cache, person }: Kept,
  scopes: string[],
) {
  // Tokens issued without a credential are refused with one.
  const isPublic = isPublicClientCache(cache);
  const { client, ask } = isPublic ? createPublicClient(registration) : createClient(registration);
  client.getTokenCache().deserialize(cache);
  const [account] = await client.getTokenCache().getAllAccounts();
  if (!account) throw withoutRefreshToken();
  const granted = await ask(client.acquireTokenSilent({ account, scopes, forceRefresh: true }));
  requireSamePerson(granted.reply, account, person);
  return toTokenSet(granted, client, isPublic ? "public" : "confidential");
}

/** id_token (OIDC Core §12.2), access token and `client_info`, where present. */
function requireSamePerson(
  { id_token, access_token, client_info }: TokenReply,
  { homeAccountId }: AccountInfo,
  { objectId, tenantId }: Person,
): void {
  for (const token of [id_token, access_token])
    requireOwner(token, { oid: objectId, tid: tenantId });
  const home = homeOf(client_info);
  if (home !== undefined && home !== homeAccountId.toLowerCase()) throw ofAnother();
}

/** RFC 6749 §4.4. The credential renews them; there is no refresh token. @throws OAuthFailure */
export async function acquireAppOnly(registration: Registration): Promise<SignIn> {
  const tokens = await acquireForApplication(registration, registration.cloud.scopeHost);
  const { objectId, roles } = readAppClaims(tokens.accessToken);
  const { tenantId } = registration;
  return {
    identity: { objectId, tenantId, username: "", displayName: "The application" },
    tokens: { ...tokens, scopes: roles },
    missingScopes: missingAppRoles(roles),
  };
}

/** The platform authenticates first (RFC 6749 §4.4). @throws OAuthFailure unless proven */
export async function proveCredential(registration: Registration): Promise<void> {
  try {
    await acquireForApplication(registration, registration.cloud.scopeHost);
  } catch (error) {
    if (!(error instanceof OAuthFailure && isAfterAuthentication(error))) throw error;
  }
}

export async function acquireGraphToken(registration: Registration, graphOrigin: string) {
  const { accessToken } = await acquireForApplication(registration, graphOrigin);
  return accessToken;
}

export async function acquireForApplication(
  registration: Registration,
  host: string,
): Promise<TokenSet> {
  const { client, ask } = createClient({ ...registration, accountTypes: "tenant" });
  const request = { scopes: [`${host}/.default`], skipCache: true };
  const granted = await ask(client.acquireTokenByClientCredential(request));
  const { clientId, tenantId } = registration;
  // Newer tokens have `azp`, older ones `appid`.
  requireOwner(granted.reply.access_token, { appid: clientId, azp: clientId, tid: tenantId });
  return toTokenSet(granted, client);
}

/** Refusals after authentication: only a known number with its `error` proves a credential. */
const AFTER_AUTHENTICATION: ReadonlyMap<number, readonly string[]> = new Map([
  [70011, ["invalid_scope"]],
  [1002012, ["invalid_scope"]],
  [500011, ["invalid_resource"]],
  [650057, ["invalid_resource"]],
  [65001, ["consent_required", "invalid_grant"]],
  [50105, ["interaction_required", "invalid_grant"]],
  [501051, ["invalid_grant"]],
  [53003, ["interaction_required", "invalid_grant"]],
]);

function isAfterAuthentication({ kind, details }: OAuthFailure): boolean {
  const { status, error = "", errorCodes = [] } = details;
  if (kind === "retry" || (status !== 400 && status !== 401)) return false;
  const isKnown = (code: number) => AFTER_AUTHENTICATION.get(code)?.includes(error) ?? false;
  return errorCodes.length > 0 && errorCodes.every(isKnown);
}

const claimsSchema = z.object({
  /** The enterprise application's, which Exchange needs; the registration has another. */
  oid: z.string().min(1).max(200),
  roles: z.array(z.string()).catch([]),
});

/** The token is for the mail servers; here it is only shown, so its signature is not verified. */
export function readAppClaims(accessToken: string): { objectId: string; roles: string[] } {
  try {
    const { oid, roles } = claimsSchema.parse(decodeJwt(accessToken));
    return { objectId: oid, roles };
  } catch {
    // Microsoft may change the format at any time.
    return { objectId: "", roles: [] };
  }
}

const clientInfoSchema = z.object({ uid: z.string().min(1), utid: z.string().min(1) });

function homeOf(clientInfo: unknown): string | undefined {
  const text = Buffer.from(String(clientInfo), "base64url").toString("utf8");
  const home = readJson(clientInfoSchema, text);
  return home && `${home.uid}.${home.utid}`.toLowerCase();
}
