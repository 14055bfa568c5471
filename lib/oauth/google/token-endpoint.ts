import * as oauth from "oauth4webapi";
import { warnOfClockSkew } from "../clock-skew";
import { HttpsError, sendHttps } from "../https";
import { classifyNetworkError, type OAuthFailure } from "../oauth-failure";
import type { Registration } from "../service";
import { classifyGoogleReply } from "./failures";

type GoogleRegistration = Pick<Registration, "cloud" | "clientId">;

/** What the library has to know of Google, and the application it speaks for. */
export function serverOf({ cloud, clientId }: GoogleRegistration) {
  const server: oauth.AuthorizationServer = {
    issuer: cloud.issuer ?? cloud.authority,
    authorization_endpoint: `${cloud.authorizeOrigin}/o/oauth2/v2/auth`,
    token_endpoint: `${cloud.authority}/token`,
    jwks_uri: keysUrl({ cloud }),
  };
  const client: oauth.Client = { client_id: clientId };
  return { server, client };
}

export function keysUrl({ cloud }: Pick<Registration, "cloud">): string {
  return cloud.keysUrl ?? `${cloud.authority}/oauth2/v3/certs`;
}

/**
 * One conversation with the token endpoint, through our own network client: it has a deadline, follows
 * no redirect, and remembers the refusal, which is what gets classified.
 */
export function openTokenEndpoint() {
  let failure: OAuthFailure | undefined;
  const options = {
    [oauth.customFetch]: async (
      url: string,
      request: oauth.CustomFetchOptions<"POST", URLSearchParams>,
    ) => {
      const { headers } = request;
      const body = request.body.toString();
      const reply = await sendHttps({ url, method: "POST", headers, body }).catch(unanswered);
      warnOfClockSkew(reply.headers.date);
      if (reply.status < 200 || reply.status > 299) failure = classifyGoogleReply(reply);
      return new Response(reply.body, { status: reply.status, headers: reply.headers });
    },
  };

  function unanswered(error: unknown): never {
    const code = error instanceof HttpsError ? error.networkCode : "MALFORMED";
    failure = classifyNetworkError(code, error);
    throw failure;
  }

  /** @throws OAuthFailure what the endpoint refused, or an answer that is none */
  async function ask<T>(conversation: () => Promise<T>): Promise<T> {
    try {
      return await conversation();
    } catch (error) {
      throw failure ?? classifyNetworkError("MALFORMED", error);
    }
  }
  return { options, ask };
}
