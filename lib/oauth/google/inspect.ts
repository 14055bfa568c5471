import { randomUUID } from "node:crypto";
import { HttpsError } from "@/lib/egress/https";
import { ok, unknown, wrong } from "../finding";
import { sendHttps } from "../https";
import { OAuthFailure } from "../oauth-failure";
import { createPkcePair } from "../pkce";
import type { Finding } from "../schema";
import { isSentBack } from "../sent-back";
import type { Registration } from "../service";
import { authorizationUrl, proveCredential } from "./client";

/** Changes nothing, signs in no one: token endpoint, and `prompt=none` (OIDC Core §3.1.2.1). */
export async function inspect(registration: Registration, redirectUri: string): Promise<Finding[]> {
  const client = await proveClient(registration);
  // A service account has no redirect URI.
  if (registration.credential.kind === "service_account") return client;
  return [...client, await askForRedirect(registration, redirectUri)];
}

const ABOUT_CLIENT = new Set([
  "google.client_unknown",
  "google.client_deleted",
  "google.client_disabled",
]);

const ABOUT_CREDENTIAL = new Set([
  "google.client_secret_wrong",
  "google.key_wrong",
  "google.clock_wrong",
]);

async function proveClient(registration: Registration): Promise<Finding[]> {
  try {
    await proveCredential(registration);
    return [ok("application"), ok("credential")];
  } catch (error) {
    if (!(error instanceof OAuthFailure)) throw error;
    const { remedyId, kind } = error;
    if (kind === "retry") return [unknown("application"), unknown("credential")];
    if (ABOUT_CLIENT.has(remedyId)) return [wrong("application", remedyId), unknown("credential")];
    if (ABOUT_CREDENTIAL.has(remedyId)) return [ok("application"), wrong("credential", remedyId)];
    return [unknown("application"), unknown("credential")];
  }
}

async function askForRedirect(registration: Registration, redirectUri: string): Promise<Finding> {
  const { codeChallenge } = await createPkcePair();
  const request = { redirectUri, state: randomUUID(), nonce: randomUUID(), codeChallenge };
  const url = await authorizationUrl(registration, request);
  url.searchParams.set("prompt", "none");
  // In the sandbox, the browser's origin is plain http.
  const origin = url.protocol === "https:" ? url.origin : registration.cloud.authority;
  try {
    const reply = await sendHttps({ url: `${origin}${url.pathname}${url.search}`, method: "GET" });
    if (isSentBack(reply, { redirect_uri: redirectUri, state: request.state }))
      return ok("redirect_uri");
    return reply.body.includes("redirect_uri_mismatch")
      ? wrong("redirect_uri", "google.redirect_uri_mismatch")
      : unknown("redirect_uri");
  } catch (error) {
    if (error instanceof HttpsError) return unknown("redirect_uri");
    throw error;
  }
}
