import { createHash, createPublicKey } from "node:crypto";
import { json, type WebRequest, type WebResponse } from "../http";
import { type Claims, decodeJwt, hasValidSignature, signJwt } from "../identity/jwt";
import type { Platform } from "../platform";
import { seal, unseal } from "../sealed";
import { findGoogleUser, GOOGLE_USERS, type GoogleUser } from "./directory";
import { ACCESS_PREFIX, type GoogleToken, MAIL_SCOPE, REFRESH_PREFIX, raiseFault } from "./google";
import { errorReply, GoogleError } from "./google-error";

const LIFETIME_S = 3_599;
const CODE_LIFETIME_MS = 10 * 60_000;
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** `POST /token`: codes, refresh tokens, and the assertions of a service account (RFC 7523). */
export function googleToken(platform: Platform, request: WebRequest): WebResponse {
  const grant = request.body.get("grant_type") ?? "";
  const what = grant === JWT_BEARER ? "google jwt-bearer" : `google ${grant}`;
  try {
    const body = GRANTS[grant]?.(platform, request.body);
    if (!body) throw new GoogleError("unsupported_grant");
    platform.requests.record({ place: "token", what, outcome: "200" });
    return json(200, body, { "cache-control": "no-cache, no-store" });
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    platform.requests.record({ place: "token", what, outcome: error.id });
    return errorReply(error);
  }
}

type Grant = (platform: Platform, body: URLSearchParams) => object;

const GRANTS: Readonly<Record<string, Grant | undefined>> = {
  authorization_code(platform, body) {
    requireClient(platform, body);
    const { google } = platform;
    const text = body.get("code") ?? "";
    const code = google.codes.get(text);
    google.codes.delete(text);
    if (!code || code.issuedAt + CODE_LIFETIME_MS < platform.now())
      throw new GoogleError("malformed_code");
    raiseFault(platform.faults, "token", code.user.address);
    if (code.redirectUri !== body.get("redirect_uri"))
      throw new GoogleError("redirect_uri_mismatch");
    const challenge = createHash("sha256").update(body.get("code_verifier") ?? "");
    if (challenge.digest("base64url") !== code.codeChallenge)
      throw new GoogleError("malformed_code");
    const { user, scope, nonce, isOffline } = code;
    return {
      ...accessToken(platform, user, scope),
      ...(isOffline && {
        refresh_token: seal(platform.state.data.tokenKey, REFRESH_PREFIX, { sub: user.sub, scope }),
      }),
      id_token: idToken(platform, user, nonce),
    };
  },

  refresh_token(platform, body) {
    requireClient(platform, body);
    const { tokenKey } = platform.state.data;
    const found = unseal<GoogleToken>(tokenKey, REFRESH_PREFIX, body.get("refresh_token") ?? "");
    const user = GOOGLE_USERS.find(({ sub }) => sub === found?.sub);
    if (!found || !user) throw new GoogleError("revoked");
    raiseFault(platform.faults, "token", user.address);
    // Google hands out no new refresh token here: the old one stays.
    return { ...accessToken(platform, user, found.scope), id_token: idToken(platform, user) };
  },

  [JWT_BEARER](platform, body) {
    const { sub, scope } = verifyAssertion(platform, body.get("assertion") ?? "");
    raiseFault(platform.faults, "token", typeof sub === "string" ? sub : undefined);
    if (scope !== MAIL_SCOPE) throw new GoogleError("invalid_scope");
    if (sub === undefined) return accessToken(platform, undefined, MAIL_SCOPE);
    const user = findGoogleUser(String(sub));
    if (!user) throw new GoogleError("unknown_subject");
    if (!platform.google.state.serviceAccount.domains.includes(user.domain ?? ""))
      throw new GoogleError("unauthorized_client");
    return accessToken(platform, user, MAIL_SCOPE);
  },
};

function verifyAssertion(platform: Platform, assertion: string): Claims {
  const { serviceAccount } = platform.google.state;
  const jwt = decodeJwt(assertion);
  const isNamed =
    jwt?.claims.iss === serviceAccount.email && jwt.header.kid === serviceAccount.keyId;
  if (!jwt || !isNamed || jwt.header.alg !== "RS256") throw new GoogleError("wrong_key");
  if (!hasValidSignature(jwt, createPublicKey(serviceAccount.publicKeyPem)))
    throw new GoogleError("wrong_key");
  const { iat, exp, aud } = jwt.claims;
  const now = platform.now() / 1_000;
  const isTimely =
    Number(iat) <= now + 60 && Number(exp) > now && Number(exp) - Number(iat) <= 3_600;
  if (!isTimely || aud !== `${platform.authority}/token`) throw new GoogleError("clock");
  return jwt.claims;
}

function requireClient(platform: Platform, body: URLSearchParams): void {
  const { state } = platform.google;
  if (body.get("client_id") !== state.clientId) throw new GoogleError("invalid_client");
  if (body.get("client_secret") !== state.clientSecret) throw new GoogleError("wrong_secret");
}

function accessToken(platform: Platform, user: GoogleUser | undefined, scope: string) {
  const lifetime = platform.faults.strikes("short_token", { place: "token" });
  const expiresIn = lifetime?.seconds ?? LIFETIME_S;
  const endsAt = platform.now() + expiresIn * 1_000;
  const value: GoogleToken = { sub: user?.sub ?? "", scope, endsAt };
  return {
    access_token: seal(platform.state.data.tokenKey, ACCESS_PREFIX, value),
    expires_in: expiresIn,
    scope,
    token_type: "Bearer",
  };
}

function idToken(platform: Platform, user: GoogleUser, nonce?: string): string {
  const now = Math.floor(platform.now() / 1_000);
  const { clientId } = platform.google.state;
  return signJwt(
    {
      iss: platform.authority,
      azp: clientId,
      aud: clientId,
      sub: user.sub,
      email: user.address,
      email_verified: true,
      name: user.name,
      iat: now,
      exp: now + LIFETIME_S,
      ...(user.domain && { hd: user.domain }),
      ...(nonce && { nonce }),
    },
    platform.keys,
  );
}
