import { createHash } from "node:crypto";
import { json, type WebRequest, type WebResponse } from "../http";
import { publishedKeys, signJwt } from "../identity/jwt";
import type { CompanyCode, Platform } from "../platform";
import { COMPANY, companyClient } from "./company";

const CODE_LIFETIME_MS = 60_000;
const TOKEN_LIFETIME_S = 600;

/** What programs ask the company: OpenID Connect Discovery, its keys, and the token endpoint. */
export function companyAuthorityHandler(
  platform: Platform,
  request: WebRequest,
): WebResponse | undefined {
  if (request.path === `${COMPANY}/.well-known/openid-configuration`) return metadata(platform);
  if (request.path === `${COMPANY}/token`) return token(platform, request);
  if (request.path !== `${COMPANY}/keys`) return undefined;
  return publishedKeys(platform);
}

function metadata(platform: Platform): WebResponse {
  const { issuer } = companyClient(platform);
  const { authorizeOrigin } = platform;
  return json(200, {
    issuer,
    // No browser trusts the sandbox's authority: people use plain http, which stays on this machine.
    authorization_endpoint: `${authorizeOrigin}${COMPANY}/authorize`,
    end_session_endpoint: `${authorizeOrigin}${COMPANY}/logout`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_post"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
  });
}

function token(platform: Platform, { body }: WebRequest): WebResponse {
  const { clientId, clientSecret } = companyClient(platform);
  if (body.get("client_id") !== clientId || body.get("client_secret") !== clientSecret)
    return refused(platform, 401, "invalid_client");
  const code = takeCode(platform, body);
  if (!code) return refused(platform, 400, "invalid_grant");
  platform.requests.record({ place: "token", what: "company", outcome: "200" });
  const tokens = { access_token: "none", token_type: "Bearer", id_token: idToken(platform, code) };
  return json(200, tokens, { "cache-control": "no-store" });
}

function refused(platform: Platform, status: number, error: string): WebResponse {
  platform.requests.record({ place: "token", what: "company", outcome: error });
  return json(status, { error });
}

/** Once, by the client that it was made for (RFC 6749 §4.1.3, RFC 7636 §4.6). */
function takeCode(platform: Platform, body: URLSearchParams): CompanyCode | undefined {
  const text = body.get("code") ?? "";
  const code = platform.companyCodes.get(text);
  platform.companyCodes.delete(text);
  const challenge = createHash("sha256").update(body.get("code_verifier") ?? "");
  const isGood =
    code?.redirectUri === body.get("redirect_uri") &&
    code.codeChallenge === challenge.digest("base64url") &&
    code.issuedAt + CODE_LIFETIME_MS > platform.now();
  return isGood ? code : undefined;
}

function idToken(platform: Platform, { employee, nonce, issuedAt }: CompanyCode): string {
  const { issuer, clientId } = companyClient(platform);
  const now = Math.floor(platform.now() / 1_000);
  return signJwt(
    {
      iss: issuer,
      aud: clientId,
      iat: now,
      exp: now + TOKEN_LIFETIME_S,
      ...employee,
      auth_time: Math.floor(issuedAt / 1_000),
      ...(nonce && { nonce }),
    },
    platform.keys,
  );
}
