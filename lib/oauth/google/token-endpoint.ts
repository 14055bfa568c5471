import * as oauth from "oauth4webapi";
import { notePlatformTime, sendHttps } from "../https";
import { classifyNetworkError, classifyReply, type OAuthFailure } from "../oauth-failure";
import type { Registration } from "../service";
import { readTokenReply, type TokenReply, toOAuthFailure } from "../token-reply";
import { GOOGLE_LANGUAGE } from "./failures";

export function serverOf({ cloud, clientId }: Pick<Registration, "cloud" | "clientId">) {
  const server: oauth.AuthorizationServer = {
    issuer: issuerOf(cloud),
    authorization_endpoint: `${cloud.authorizeOrigin}/o/oauth2/v2/auth`,
    token_endpoint: `${cloud.authority}/token`,
    jwks_uri: keysUrl({ cloud }),
  };
  const client: oauth.Client = { client_id: clientId };
  return { server, client };
}

export function issuerOf(cloud: Registration["cloud"]): string {
  return cloud.issuer ?? cloud.authority;
}

export function keysUrl({ cloud }: Pick<Registration, "cloud">): string {
  return cloud.keysUrl ?? `${cloud.authority}/oauth2/v3/certs`;
}

/** Our network client has a deadline, follows no redirect and keeps the refusal. */
export function openTokenEndpoint() {
  let failure: OAuthFailure | undefined;
  let granted: TokenReply | undefined;
  const options = {
    [oauth.customFetch]: async (
      url: string,
      request: oauth.CustomFetchOptions<"POST", URLSearchParams>,
    ) => {
      const { headers } = request;
      const body = request.body.toString();
      try {
        const reply = await sendHttps({ url, method: "POST", headers, body });
        notePlatformTime(new URL(url).host, reply.headers.date);
        granted = readTokenReply(reply, (given) => classifyReply(given, GOOGLE_LANGUAGE));
        return Response.json(granted);
      } catch (error) {
        failure = toOAuthFailure(error);
        throw failure;
      }
    },
  };

  async function ask(conversation: () => Promise<oauth.TokenEndpointResponse>) {
    const result = await conversation().catch((error: unknown) => {
      throw failure ?? classifyNetworkError("MALFORMED", error);
    });
    if (failure) throw failure;
    if (!granted || result.access_token !== granted.access_token)
      throw classifyNetworkError("MALFORMED", undefined);
    return granted;
  }
  return { options, ask };
}
