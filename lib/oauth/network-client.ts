import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from "@azure/msal-node";
import { z } from "zod";
import { warnOfClockSkew } from "./clock-skew";
import { HttpsError, type HttpsReply, sendHttps } from "./https";
import { classifyNetworkError, classifyReply, type OAuthFailure } from "./oauth-failure";

/**
 * MSAL's only way to the network. Its own client has no deadline on POST, follows redirects with the
 * secret in the body, and hides status and Retry-After; so ours speaks to one host, and remembers
 * what went wrong in `failure`, which is what gets classified.
 */
export function createNetworkClient(allowedHost: string) {
  const client: INetworkModule & { failure: OAuthFailure | undefined } = {
    failure: undefined,
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
      warnOfClockSkew(reply.headers.date);
      if (reply.status >= 200 && reply.status < 300) return readTokenReply<T>(reply);
      client.failure = classifyReply(reply);
      return { status: reply.status, headers: reply.headers, body: parseBody<T>(reply.body) };
    } catch (error) {
      const code = error instanceof HttpsError ? error.networkCode : "MALFORMED";
      client.failure ??= classifyNetworkError(code, error);
      throw error;
    }
  }
}

const DEFAULT_EXPIRES_IN_S = 3_600;

/** RFC 6749 §5.1. A lifetime that makes no sense must not cost the tokens: an hour is assumed. */
const tokenReplySchema = z.looseObject({
  token_type: z.string().regex(/^bearer$/i),
  access_token: z
    .string()
    .min(1)
    .max(16 * 1024),
  expires_in: z.coerce.number().min(60).max(86_400).catch(DEFAULT_EXPIRES_IN_S),
});

function readTokenReply<T>({ status, headers, body }: HttpsReply): NetworkResponse<T> {
  // MSAL reads what it asked for: the shape below, proven here.
  return { status, headers, body: tokenReplySchema.parse(JSON.parse(body)) as T };
}

function parseBody<T>(body: string): T {
  try {
    return JSON.parse(body) as T; // MSAL's own error handling reads it; ours uses `failure`.
  } catch {
    return { error: "server_error", error_description: "" } as T;
  }
}
