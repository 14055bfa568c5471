import * as oauth from "oauth4webapi";
import { z } from "zod";
import { fromNow, SECOND_MS } from "@/lib/kernel/clock";
import { readJson } from "@/lib/kernel/text/parse-json";
import { OAuthFailure, oauthFailure } from "../oauth-failure";
import type {
  AuthorizationUrlRequest,
  CodeGrant,
  Person,
  Registration,
  SignIn,
  TokenSet,
} from "../service";
import { unverified, verifySignature } from "../signed-token";
import {
  requireMailPermission,
  requireOwner,
  requireRefreshToken,
  type TokenReply,
} from "../token-reply";
import { MAIL_SCOPE, missingScopes, permissions } from "./scopes";
import { acquireForMailbox, proveKey } from "./service-account";
import { issuerOf, keysUrl, openTokenEndpoint, serverOf } from "./token-endpoint";

/** RFC 6749 §4.1.1. Google issues refresh tokens only for offline access with its consent page. */
export async function authorizationUrl(
  registration: Registration,
  request: AuthorizationUrlRequest,
): Promise<URL> {
  const { server } = serverOf(registration);
  const url = new URL(server.authorization_endpoint ?? "");
  const parameters = {
    response_type: "code",
    client_id: registration.clientId,
    redirect_uri: request.redirectUri,
    scope: ["openid", "email", "profile", MAIL_SCOPE].join(" "),
    access_type: "offline",
    prompt: "consent select_account",
    state: request.state,
    nonce: request.nonce,
    code_challenge: request.codeChallenge,
    code_challenge_method: "S256",
    ...(request.loginHint && { login_hint: request.loginHint }),
    ...(registration.tenantId && { hd: registration.tenantId }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

/** RFC 6749 §4.1.3. @throws OAuthFailure, AppError with the remedy callback.id_token_invalid */
export async function redeemCode(registration: Registration, grant: CodeGrant): Promise<SignIn> {
  const { server, client } = serverOf(registration);
  const { options, ask } = openTokenEndpoint();
  const answer = new URLSearchParams({
    code: grant.code,
    ...(grant.issuer !== undefined && { iss: grant.issuer }),
  });
  const reply = await ask(async () => {
    // The pending request has matched the state already.
    const checked = oauth.validateAuthResponse(server, client, answer, oauth.skipStateCheck);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      clientAuthentication(registration),
      checked,
      grant.redirectUri,
      grant.codeVerifier,
      options,
    );
    return oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: grant.nonce,
      requireIdToken: true,
    });
  });
  const tokens = toTokenSet(reply, requireRefreshToken(reply, "google.no_refresh_token"));
  requireMailPermission(permissions(tokens.scopes), "callback.mail_not_granted");
  const identity = await verifySignedIn(registration, tokens.idToken, grant.nonce);
  return { identity, tokens, missingScopes: missingScopes(tokens.scopes) };
}

const cacheSchema = z.union([
  z.strictObject({ refreshToken: z.string().min(1) }),
  z.strictObject({ mailbox: z.string().min(1) }),
]);

/** RFC 6749 §6; for a service account, a new assertion. @throws OAuthFailure */
export async function refreshTokens(registration: Registration, cache: string, person: Person) {
  const kept = readJson(cacheSchema, cache);
  if (!kept)
    throw oauthFailure("sign_in_again", "postkey.not_signed_in", {
      error: "invalid_grant",
      description: "No refresh token is stored.",
    });
  if ("mailbox" in kept) return acquireForMailbox(registration, kept.mailbox);
  const { refreshToken } = kept;
  const reply = await askWithRefreshToken(registration, refreshToken);
  // Address and domain of an account may change; `sub` never does.
  for (const token of [reply.id_token, reply.access_token])
    requireOwner(token, { sub: person.objectId });
  const tokens = toTokenSet(reply, reply.refresh_token || refreshToken);
  requireMailPermission(permissions(tokens.scopes), "postkey.no_mail_permission");
  return tokens;
}

function askWithRefreshToken(registration: Registration, refreshToken: string) {
  const { server, client } = serverOf(registration);
  const { options, ask } = openTokenEndpoint();
  const authentication = clientAuthentication(registration);
  return ask(async () =>
    oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options),
    ),
  );
}

const NO_SUCH_TOKEN = "1//postkey-proves-its-client-secret";

/** Google authenticates first: a right secret has the token refused. @throws OAuthFailure */
export async function proveCredential(registration: Registration): Promise<void> {
  if (registration.credential.kind === "service_account") return proveKey(registration);
  try {
    await askWithRefreshToken(registration, NO_SUCH_TOKEN);
  } catch (error) {
    if (!(error instanceof OAuthFailure) || error.kind === "retry") throw error;
    const { status, error: refused } = error.details;
    // RFC 6749 §5.2
    if (status !== 400 || refused !== "invalid_grant") throw error;
  }
}

function clientAuthentication({ credential }: Registration): oauth.ClientAuth {
  if (credential.kind !== "client_secret") throw new Error(`Google takes no ${credential.kind}.`);
  return oauth.ClientSecretPost(credential.secret);
}

const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  nonce: z.string(),
  email: z.string().min(1).max(254),
  email_verified: z.literal(true),
  name: z.string().max(200).optional(),
  hd: z.string().max(253).optional(),
});

/** Personal accounts belong to no Workspace domain. */
const PERSONAL = "gmail.com";

/** OIDC Core §3.1.3.7. The library does not verify the signature. */
async function verifySignedIn(registration: Registration, idToken: string, nonce: string) {
  try {
    const { clientId: audience, cloud, tenantId } = registration;
    const payload = await verifySignature(idToken, { keysUrl: keysUrl(registration), audience });
    const claims = claimsSchema.parse(payload);
    if (claims.iss !== issuerOf(cloud)) throw new Error("The token has another issuer.");
    if (claims.nonce !== nonce) throw new Error("The token answers another request.");
    if (tenantId && claims.hd !== tenantId) throw new Error("The token is of another domain.");
    const { sub, email, name = email, hd = PERSONAL } = claims;
    return { objectId: sub, tenantId: hd, username: email, displayName: name };
  } catch (error) {
    throw unverified(error);
  }
}

function toTokenSet(reply: TokenReply, refreshToken: string): TokenSet {
  return {
    accessToken: reply.access_token,
    expiresAt: fromNow(reply.expires_in * SECOND_MS),
    // RFC 6749 §5.1: omitted when equal to the request.
    scopes: reply.scope ? reply.scope.split(" ").filter(Boolean) : [MAIL_SCOPE],
    idToken: reply.id_token ?? "",
    cache: JSON.stringify({ refreshToken }),
  };
}
