import * as oauth from "oauth4webapi";
import { wallTime } from "@/lib/kernel/clock";
import { parseJson } from "@/lib/kernel/text/parse-json";
import { together } from "./claims";
import { OpenIdFailure, type OpenIdRemedy } from "./failure";
import type { Metadata } from "./metadata";
import { redeemInTurn } from "./redemptions";
import { sendOpenId } from "./send";
import { ALGORITHMS, requireSound, verifyToken } from "./verify";

export type OpenIdClient = { metadata: Metadata; clientId: string; clientSecret: string };

export type Answer = {
  params: URLSearchParams;
  redirectUri: string;
  state: string;
  nonce: string;
  codeVerifier: string;
  /** Null for unknown browsers. */
  browser: string | null;
};

export type Claims = Readonly<Record<string, unknown>> & { iss: string; sub: string };
export type Redeemed = { claims: Claims; idToken: string; refreshToken: string | null };

/** Verifies state, `iss` (RFC 9207), PKCE, nonce and ID token. @param isEnough false if userinfo may have more */
export async function redeemCode(
  client: OpenIdClient,
  answer: Answer,
  isEnough: (claims: Claims) => boolean = () => true,
): Promise<Redeemed> {
  const { server, own, authentication, options } = conversation(client);
  const checked = await ask(() =>
    oauth.validateAuthResponse(server, own, answer.params, answer.state),
  );
  const redeeming = {
    client: `${server.issuer} ${client.clientId}`,
    code: checked.get("code") ?? "",
    browser: answer.browser,
  };
  const redeem = async () =>
    oauth.processAuthorizationCodeResponse(
      server,
      own,
      await oauth.authorizationCodeGrantRequest(
        server,
        own,
        authentication,
        checked,
        answer.redirectUri,
        answer.codeVerifier,
        options,
      ),
      { expectedNonce: answer.nonce, requireIdToken: true },
    );
  const reply = await redeemInTurn(redeeming, () => ask(redeem));
  const idToken = reply.id_token ?? "";
  // The library does not verify the signature.
  const claims = await verifyToken(idToken, client.metadata, client);
  if (claims.nonce !== answer.nonce || typeof claims.sub !== "string" || claims.sub === "")
    throw new OpenIdFailure("token_invalid", "The token answers another request.");
  const proved: Claims = { ...claims, sub: claims.sub };
  const more = isEnough(proved) ? {} : await askUserInfo(client, reply.access_token, proved.sub);
  const all = together(proved, more);
  requireSound(all);
  return { claims: all, idToken, refreshToken: tokenOf(reply) };
}

async function askUserInfo({ metadata }: OpenIdClient, accessToken: string, subject: string) {
  const { userinfo_endpoint: url } = metadata;
  if (!url) return {};
  const headers = { authorization: `Bearer ${accessToken}`, accept: "application/json" };
  const { status, body } = await sendOpenId({ url, method: "GET", headers });
  const told = Object(parseJson(body));
  // §5.3.2: of another person it must not be used.
  return status === 200 && told.sub === subject ? { ...told } : {};
}

/** @throws OpenIdFailure company.person_gone; company.sign_in_expired if they must sign in again */
export async function redeemRefreshToken(client: OpenIdClient, refreshToken: string) {
  const { server, own, authentication, options } = conversation(client);
  const reply = await ask(
    async () =>
      oauth.processRefreshTokenResponse(
        server,
        own,
        await oauth.refreshTokenGrantRequest(server, own, authentication, refreshToken, options),
      ),
    "person_gone",
  );
  return tokenOf(reply) ?? refreshToken;
}

function tokenOf({ refresh_token }: oauth.TokenEndpointResponse): string | null {
  return refresh_token && refresh_token.length <= 16_384 ? refresh_token : null;
}

function conversation({ metadata, clientId, clientSecret }: OpenIdClient) {
  // By default the library takes only RS256.
  const server: oauth.AuthorizationServer = {
    ...withoutUndefined(metadata),
    id_token_signing_alg_values_supported: ALGORITHMS,
  };
  const own: oauth.Client = { client_id: clientId, [oauth.clockTolerance]: 60 };
  const methods = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  const authentication = methods.includes("client_secret_basic")
    ? oauth.ClientSecretBasic(clientSecret)
    : oauth.ClientSecretPost(clientSecret);
  const options = { [oauth.customFetch]: send };
  return { server, own, authentication, options };
}

function withoutUndefined({ issuer, ...rest }: Metadata): oauth.AuthorizationServer {
  const known = Object.entries(rest).filter(([, value]) => value !== undefined);
  return { issuer, ...Object.fromEntries(known) };
}

/** Once: a code is spent by its first use. */
async function send(
  url: string,
  { headers, body }: oauth.CustomFetchOptions<"POST", URLSearchParams>,
): Promise<Response> {
  const reply = await sendOpenId({
    url,
    method: "POST",
    headers,
    body: body.toString(),
    isRepeatable: false,
  });
  const { "content-type": type = "" } = reply.headers;
  return new Response(reply.body, {
    status: statusFor(reply.status),
    headers: { "content-type": type },
  });
}

function statusFor(status: number): number {
  return status >= 200 && status <= 599 && ![204, 205, 304].includes(status) ? status : 502;
}

/** @param gone the meaning of `invalid_grant` */
async function ask<T>(work: () => T | Promise<T>, gone: Gone = "code_refused"): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, gone);
  }
}

type Gone = "code_refused" | "person_gone";

function explain(error: unknown, gone: Gone): unknown {
  if (error instanceof OpenIdFailure) return error;
  const because = (remedy: OpenIdRemedy, detail: string) =>
    new OpenIdFailure(remedy, detail, { cause: error });
  if (error instanceof oauth.AuthorizationResponseError) return because("refused", error.error);
  if (error instanceof oauth.ResponseBodyError)
    return because(remedyOf(error, gone), `${error.error} ${error.error_description ?? ""}`);
  if (error instanceof oauth.WWWAuthenticateChallengeError)
    return because("client_refused", `status ${error.status}`);
  if (error instanceof oauth.OperationProcessingError) return explainProcessing(error, because);
  // For example `crit`, or an answer of another flow.
  if (error instanceof oauth.UnsupportedOperationError)
    return because(
      error.message.includes("flow") ? "answer_foreign" : "token_invalid",
      error.message,
    );
  return error;
}

function remedyOf(error: oauth.ResponseBodyError, gone: Gone): OpenIdRemedy {
  if (error.error === "invalid_client" || error.error === "unauthorized_client")
    return "client_refused";
  if (gone === "person_gone" && isExpired(error)) return "sign_in_expired";
  return error.error === "invalid_grant" ? gone : "refused";
}

/** Entra's numbers, or Keycloak's token life; "Session not active" also means deleted. */
function isExpired({ error, error_description: told = "" }: oauth.ResponseBodyError): boolean {
  return ASKS_AGAIN.has(error) || (error === "invalid_grant" && EXPIRED.test(told));
}

const ASKS_AGAIN: ReadonlySet<string> = new Set([
  "interaction_required",
  "login_required",
  "consent_required",
]);
const EXPIRED =
  /\bAADSTS(?:50076|50078|50079|50089|50132|50133|50173|5300[0-5]|65001|70008|70043|70044|700081|700082|700084)\b|^Token is not active\b|^Stale token\b/;

function explainProcessing(
  { code = "", message, cause }: oauth.OperationProcessingError,
  because: (remedy: OpenIdRemedy, detail: string) => OpenIdFailure,
): OpenIdFailure {
  if (code === oauth.JWT_TIMESTAMP_CHECK)
    return because("clock_wrong", `${message} It is ${wallTime().toISOString()} here.`);
  if (code === oauth.RESPONSE_IS_NOT_CONFORM) {
    const { status = 0 } = Object(cause);
    return new OpenIdFailure(status >= 500 ? "unreachable" : "refused", `status ${status}`);
  }
  const isAnswer = message.includes("response parameter");
  return because(isAnswer ? "answer_foreign" : "token_invalid", message);
}
