import type { AccountInfo } from "@azure/msal-node";
import { classifyNetworkError, type OAuthFailure } from "../oauth-failure";
import type {
  AuthorizationUrlRequest,
  CodeGrant,
  Registration,
  SignIn,
  TokenSet,
} from "../service";
import { readAppClaims } from "./app-claims";
import { verifySignedIn } from "./id-token";
import {
  createClient,
  createPublicClient,
  isPublicClientCache,
  toTokenSet,
  withoutRefreshToken,
} from "./msal-client";
import { IDENTITY_SCOPES, missingAppRoles, missingScopes, requestedScopes } from "./scopes";

/** The address of the authorization endpoint with the request in it (RFC 6749 §4.1.1). */
export async function authorizationUrl(
  registration: Registration,
  request: AuthorizationUrlRequest,
): Promise<URL> {
  const { client } = createClient(registration);
  const url = await client.getAuthCodeUrl({
    scopes: [...IDENTITY_SCOPES, ...requestedScopes(registration)],
    redirectUri: request.redirectUri,
    responseMode: "query",
    codeChallenge: request.codeChallenge,
    codeChallengeMethod: "S256",
    state: request.state,
    nonce: request.nonce,
    prompt: "select_account",
  });
  const address = new URL(url);
  // MSAL leaves the hint out beside `select_account`; the platform puts that account first.
  if (request.loginHint) address.searchParams.set("login_hint", request.loginHint);
  return address;
}

/**
 * Redeems an authorization code (RFC 6749 §4.1.3), and verifies who signed in.
 * @throws OAuthFailure, AppError with the remedy callback.id_token_invalid
 */
export async function redeemCode(
  registration: Registration,
  { nonce, issuer, ...request }: CodeGrant,
): Promise<SignIn> {
  const { client, translate } = createClient(registration);
  const result = await client
    .acquireTokenByCode({ ...request, nonce, scopes: requestedScopes(registration) })
    .catch(translate);
  const tokens = toTokenSet(result, client);
  const identity = await verifySignedIn(registration, { idToken: tokens.idToken, nonce, issuer });
  return { identity, tokens, missingScopes: missingScopes(tokens.scopes) };
}

/**
 * Uses the refresh token of a cache (RFC 6749 §6). The platform hands out a new one each time and
 * leaves the old one valid, so losing the answer loses nothing.
 * @throws OAuthFailure
 */
export async function refreshTokens(registration: Registration, cache: string): Promise<TokenSet> {
  // Whoever got the tokens without a credential is refused with one.
  const isPublic = isPublicClientCache(cache);
  const { client, translate } = isPublic
    ? createPublicClient(registration)
    : createClient(registration);
  client.getTokenCache().deserialize(cache);
  const [account] = await client.getTokenCache().getAllAccounts();
  if (!account) throw withoutRefreshToken();
  const result = await client
    .acquireTokenSilent(silentRequest(registration, account))
    .catch(translate);
  return toTokenSet(result, client, isPublic ? "public" : "confidential");
}

/**
 * Tokens of the application itself (RFC 6749 §4.4), with the application permissions that a tenant
 * administrator granted it. There is no refresh token: the credential is what renews them.
 * @throws OAuthFailure
 */
export async function acquireAppOnly(registration: Registration): Promise<SignIn> {
  const { client, translate } = createClient({ ...registration, accountTypes: "tenant" });
  const scopes = [`${registration.cloud.scopeHost}/.default`];
  const request = { scopes, skipCache: true };
  const result = await client.acquireTokenByClientCredential(request).catch(translate);
  const tokens = toTokenSet(result, client);
  const { objectId, roles } = readAppClaims(tokens.accessToken);
  const { tenantId } = registration;
  return {
    identity: { objectId, tenantId, username: "", displayName: "The application" },
    tokens: { ...tokens, scopes: roles },
    missingScopes: missingAppRoles(roles),
  };
}

/**
 * Proves a credential without anybody signing in: the platform authenticates the client before
 * it looks at anything else (RFC 6749 §4.4).
 * @throws OAuthFailure only for what concerns the client itself, or when there was no answer
 */
export async function proveCredential(registration: Registration): Promise<void> {
  const { client, network, translate } = createClient({ ...registration, accountTypes: "tenant" });
  const scopes = [`${registration.cloud.scopeHost}/.default`];
  await client.acquireTokenByClientCredential({ scopes }).catch((error: unknown) => {
    const refusal = network.failure;
    // The client was authenticated, and this app may simply have no permissions of its own.
    if (refusal && isAboutPermissions(refusal)) return;
    translate(error);
  });
}

/**
 * A token of the application itself for Microsoft Graph; what it may do there is in its permissions.
 * @throws OAuthFailure
 */
export async function acquireGraphToken(
  registration: Registration,
  graphOrigin: string,
): Promise<string> {
  const { client, translate } = createClient({ ...registration, accountTypes: "tenant" });
  const request = { scopes: [`${graphOrigin}/.default`], skipCache: true };
  const result = await client.acquireTokenByClientCredential(request).catch(translate);
  if (!result) throw classifyNetworkError("MALFORMED", undefined);
  return result.accessToken;
}

function isAboutPermissions({ details }: OAuthFailure): boolean {
  const errors = ["invalid_scope", "invalid_resource", "consent_required", "invalid_grant"];
  return details.error !== undefined && errors.includes(details.error);
}

function silentRequest(registration: Registration, account: AccountInfo) {
  return { account, scopes: requestedScopes(registration), forceRefresh: true };
}
