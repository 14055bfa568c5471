import {
  type AuthenticationResult,
  ClientAuthError,
  ClientConfigurationError,
  ConfidentialClientApplication,
  type INetworkModule,
  InteractionRequiredAuthError,
  LogLevel,
  type NetworkRequestOptions,
  type NetworkResponse,
  PublicClientApplication,
  ServerError,
} from "@azure/msal-node";
import { z } from "zod";
import { HttpsError } from "@/lib/egress/https";
import { fromNow, SECOND_MS } from "@/lib/kernel/clock";
import { notePlatformTime, sendHttps } from "../https";
import { classifyNetworkError, OAuthFailure, oauthFailure } from "../oauth-failure";
import type { Registration, TokenSet } from "../service";
import { type Classify, readTokenReply, type TokenReply, toOAuthFailure } from "../token-reply";
import { clientAuthentication } from "./client-authentication";
import { classifyMicrosoftReply } from "./refusals";
import { keysUrl, tenantSegment, tokenUrl } from "./tenant";

/** One per operation: a shared client replays failures and mixes people's tokens. */
export function createClient(registration: Registration) {
  const { auth, network, system } = settings(registration);
  const client = new ConfidentialClientApplication({
    auth: { ...auth, ...clientAuthentication(registration) },
    system,
  });
  return { client, ask: asking(network) };
}

/** Applications with public client flows refuse a credential. */
export function createPublicClient(registration: Registration) {
  const { auth, network, system } = settings(registration);
  const client = new PublicClientApplication({ auth, system });
  return { client, ask: asking(network) };
}

/** MSAL formats every line up to its level, and no one reads them. */
const loggerOptions = { piiLoggingEnabled: false, logLevel: LogLevel.Error };

function settings(registration: Registration) {
  const { cloud, clientId } = registration;
  const authority = `${cloud.authority}/${tenantSegment(registration)}`;
  const host = new URL(cloud.authority).host;
  const network = createNetworkClient(host, classifyMicrosoftReply);
  const authorityMetadata = metadata(registration);
  return {
    auth: { clientId, authority, knownAuthorities: [host], authorityMetadata },
    system: { networkClient: network, loggerOptions },
    network,
  };
}

/** With metadata given, MSAL fetches none. */
function metadata(registration: Registration): string {
  const { authority, authorizeOrigin } = registration.cloud;
  const tenant = tenantSegment(registration);
  return JSON.stringify({
    issuer: `${authority}/${tenant}/v2.0`,
    authorization_endpoint: `${authorizeOrigin}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: tokenUrl(registration),
    jwks_uri: keysUrl(registration),
    end_session_endpoint: `${authority}/${tenant}/oauth2/v2.0/logout`,
  });
}

export type Granted = { result: AuthenticationResult; reply: TokenReply };

/** Accepts MSAL's result only with the answer that granted it. */
function asking(network: ReturnType<typeof createNetworkClient>) {
  /** @throws OAuthFailure */
  return async (acquiring: Promise<AuthenticationResult | null>): Promise<Granted> => {
    const result = await acquiring.catch((error: unknown) => failWith(network.failure, error));
    const { failure, granted: reply } = network;
    if (failure) throw failure;
    if (!result || !reply || result.accessToken !== reply.access_token)
      throw classifyNetworkError("MALFORMED", undefined);
    return { result, reply };
  };
}

function failWith(failure: OAuthFailure | undefined, error: unknown): never {
  if (failure) throw failure;
  // From the assertion, which MSAL requests on the way.
  if (error instanceof OAuthFailure) throw error;
  // MSAL compares the nonce before id-token.ts sees the token.
  if (errorCodeOf(error) === "nonce_mismatch")
    throw oauthFailure("sign_in_again", "callback.id_token_invalid", { cause: error });
  // MSAL did not ask: its cache holds no refresh token.
  if (error instanceof InteractionRequiredAuthError) throw withoutRefreshToken();
  // Its words are the other side's, which saw the request.
  const cause = error instanceof ServerError ? undefined : error;
  throw classifyNetworkError(`MALFORMED ${errorCodeOf(error)}`.trim(), cause);
}

/** The code of an answer is the other side's text. */
function errorCodeOf(error: unknown): string {
  const isOurs = error instanceof ClientAuthError || error instanceof ClientConfigurationError;
  return isOurs ? error.errorCode : "";
}

export const NO_REFRESH_TOKEN = "postkey.no_refresh_token";

export function withoutRefreshToken(): OAuthFailure {
  const details = { error: "invalid_grant", description: "No refresh token is stored." };
  return oauthFailure("sign_in_again", NO_REFRESH_TOKEN, details);
}

type ClientType = "public" | "confidential";

export function toTokenSet(
  { result, reply }: Granted,
  client: ConfidentialClientApplication | PublicClientApplication,
  clientType: ClientType = "confidential",
): TokenSet {
  return {
    accessToken: result.accessToken,
    // MSAL counts by a clock that may have been set since.
    expiresAt: fromNow(reply.expires_in * SECOND_MS),
    scopes: result.scopes,
    idToken: result.idToken,
    cache: withoutUsedTokens(client.getTokenCache().serialize(), clientType),
  };
}

/** Other tokens are stored separately, or used up. */
function withoutUsedTokens(cache: string, clientType: ClientType): string {
  const kept = { ...JSON.parse(cache), AccessToken: {}, IdToken: {} };
  return JSON.stringify(clientType === "public" ? { ...kept, clientType } : kept);
}

const typedCacheSchema = z.object({ clientType: z.string().optional() });

/** Obtained without a credential. */
export function isPublicClientCache(cache: string): boolean {
  return typedCacheSchema.parse(JSON.parse(cache)).clientType === "public";
}

/**
 * MSAL's client has no deadline on POST, follows redirects with the secret, hides Retry-After and
 * takes a refusal without `error` for a success. Ours keeps `failure` for classification.
 */
export function createNetworkClient(allowedHost: string, classify: Classify) {
  const client: INetworkModule & Conversation = {
    failure: undefined,
    granted: undefined,
    sendGetRequestAsync: <T>(url: string) => exchange<T>({ url, method: "GET" }),
    sendPostRequestAsync: <T>(url: string, options?: NetworkRequestOptions) =>
      exchange<T>({
        url,
        method: "POST",
        headers: options?.headers ?? {},
        body: options?.body ?? "",
      }),
  };
  return client;

  async function exchange<T>(input: Parameters<typeof sendHttps>[0]): Promise<NetworkResponse<T>> {
    if (new URL(input.url).host !== allowedHost) throw new HttpsError("FOREIGN_HOST");
    try {
      const reply = await sendHttps(input);
      notePlatformTime(allowedHost, reply.headers.date);
      const { status, headers } = reply;
      client.granted = readTokenReply(reply, classify);
      // `granted` has been checked.
      return { status, headers, body: client.granted as T };
    } catch (error) {
      client.failure ??= toOAuthFailure(error);
      throw client.failure;
    }
  }
}

type Conversation = { failure: OAuthFailure | undefined; granted: TokenReply | undefined };
