import { z } from "zod";
import type { HttpsReply } from "@/lib/egress/https";
import { SECOND_MS } from "@/lib/kernel/clock";
import { readJson } from "@/lib/kernel/text/parse-json";
import { sendHttps } from "../https";
import { classifyNetworkError, oauthFailure } from "../oauth-failure";
import type { DeviceAuthorization, DevicePoll, Registration, SignIn } from "../service";
import { readTokenReply, requireRefreshToken, secondsSchema, toOAuthFailure } from "../token-reply";
import { signedIn } from "./client";
import { authenticationFields } from "./client-authentication";
import { IDENTITY_SCOPES, requestedScopes } from "./mail-tokens";
import { createClient, createPublicClient, NO_REFRESH_TOKEN } from "./msal-client";
import { classifyMicrosoftReply } from "./refusals";
import { tenantSegment, tokenUrl } from "./tenant";

/* MSAL polls in a loop; here each poll is one call with a row, so any process can continue. */

const authorizationSchema = z.object({
  device_code: z.string().min(1).max(4_096),
  user_code: z.string().min(1).max(64),
  verification_uri: z.url({ protocol: /^https?$/ }).max(512),
  expires_in: secondsSchema(3_600),
  interval: secondsSchema(60).catch(5),
});

/** RFC 8628 §3.1 */
export async function requestDeviceCode(registration: Registration): Promise<DeviceAuthorization> {
  const { cloud, clientId } = registration;
  const url = `${cloud.authority}/${tenantSegment(registration)}/oauth2/v2.0/devicecode`;
  const scope = [...IDENTITY_SCOPES, ...requestedScopes(registration)].join(" ");
  const reply = await post(url, { client_id: clientId, scope });
  if (reply.status !== 200) throw classifyMicrosoftReply(reply);
  const answer = readJson(authorizationSchema, reply.body);
  // Without the cause: it would quote the body, which may hold a token.
  if (!answer) throw classifyNetworkError("MALFORMED", undefined);
  return {
    handle: JSON.stringify({ deviceCode: answer.device_code, clientType: "confidential" }),
    userCode: answer.user_code,
    verificationUri: answer.verification_uri,
    expiresInMs: answer.expires_in * SECOND_MS,
    intervalMs: answer.interval * SECOND_MS,
  };
}

const handleSchema = z.object({
  deviceCode: z.string(),
  /** An application with public client flows refuses a credential. */
  clientType: z.enum(["confidential", "public"]),
});
type Handle = z.output<typeof handleSchema>;

const PUBLIC_CLIENT = 700_025;

/** RFC 8628 §3.4, §3.5. @throws OAuthFailure; AppError token.guest */
export async function pollDeviceCode(
  registration: Registration,
  handle: string,
): Promise<DevicePoll> {
  const given = handleSchema.parse(JSON.parse(handle));
  const first = await ask(registration, given);
  const isPublic =
    first.status !== 200 &&
    classifyMicrosoftReply(first).details.errorCodes?.includes(PUBLIC_CLIENT);
  if (!isPublic) return readPoll(registration, given, first);
  const asPublic: Handle = { ...given, clientType: "public" };
  return readPoll(registration, asPublic, await ask(registration, asPublic));
}

async function ask(registration: Registration, { deviceCode, clientType }: Handle) {
  return post(tokenUrl(registration), {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    client_id: registration.clientId,
    device_code: deviceCode,
    ...(clientType === "confidential" && (await authenticationFields(registration))),
  });
}

async function readPoll(
  registration: Registration,
  handle: Handle,
  reply: HttpsReply,
): Promise<DevicePoll> {
  if (reply.status === 200) {
    const granted = readTokenReply(reply, classifyMicrosoftReply);
    const refreshToken = requireRefreshToken(granted, NO_REFRESH_TOKEN);
    return { kind: "signed_in", signIn: await signIn(registration, handle, refreshToken) };
  }
  const failure = classifyMicrosoftReply(reply);
  switch (failure.details.error) {
    case "authorization_pending":
      return { kind: "pending", handle: JSON.stringify(handle) };
    case "slow_down":
      return { kind: "slow_down", handle: JSON.stringify(handle) };
    case "authorization_declined":
      throw oauthFailure("sign_in_again", "callback.device_code_declined", failure.details);
    case "expired_token":
    case "bad_verification_code":
      throw oauthFailure("sign_in_again", "callback.device_code_expired", failure.details);
    default:
      throw failure;
  }
}

async function signIn(
  registration: Registration,
  { clientType }: Handle,
  refreshToken: string,
): Promise<SignIn> {
  const { client, ask } =
    clientType === "public" ? createPublicClient(registration) : createClient(registration);
  const request = { refreshToken, scopes: requestedScopes(registration), forceCache: true };
  const granted = await ask(client.acquireTokenByRefreshToken(request));
  return signedIn(registration, { client, granted, clientType, nonce: null });
}

async function post(url: string, fields: Record<string, string>): Promise<HttpsReply> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams(fields).toString();
  return sendHttps({ url, method: "POST", headers, body }).catch((error: unknown) => {
    throw toOAuthFailure(error);
  });
}
