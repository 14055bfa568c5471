import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from "@azure/msal-node";
import { HttpsError } from "@/lib/egress/https";
import { notePlatformTime } from "./clock-skew";
import { sendHttps } from "./https";
import type { OAuthFailure } from "./oauth-failure";
import { type Classify, readTokenReply, type TokenReply, toOAuthFailure } from "./token-reply";

/**
 * MSAL's only way to the network. Its own client has no deadline on POST, follows redirects with the
 * secret in the body, and hides status and Retry-After; so ours speaks to one host, and remembers
 * what went wrong in `failure`, which is what gets classified, and what was granted in `granted`.
 * MSAL sees nothing but granted tokens: it takes a refusal without `error` for a success.
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
      // MSAL reads what it asked for, which is proven by now.
      return { status, headers, body: client.granted as T };
    } catch (error) {
      client.failure ??= toOAuthFailure(error);
      throw client.failure;
    }
  }
}

type Conversation = { failure: OAuthFailure | undefined; granted: TokenReply | undefined };
