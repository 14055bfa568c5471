import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from "@azure/msal-node";
import { HttpsError } from "@/lib/egress/https";
import { notePlatformTime } from "./clock-skew";
import { sendHttps } from "./https";
import type { OAuthFailure } from "./oauth-failure";
import { type Classify, readTokenReply, type TokenReply, toOAuthFailure } from "./token-reply";

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
