import { randomUUID } from "node:crypto";
import { askForRedirect, ok, proveClient, unknown, wrong } from "../inspection";
import { createPkcePair } from "../pkce";
import type { Finding } from "../schema";
import type { OAuthService, Registration } from "../service";
import { authorizationUrl, proveCredential, redeemCode, refreshTokens } from "./client";
import { GOOGLE_LANGUAGE } from "./failures";
import { permissions } from "./scopes";
import { ofMailbox } from "./service-account";
import { issuerOf } from "./token-endpoint";

export const google: OAuthService = {
  callbackPath: "/api/cloudProviders/oauth2/google/callback",
  credentialKinds: ["client_secret", "service_account"],
  permissions: (_grant, granted) => permissions(granted),
  mailTokens: null,
  adminConsentUrl: null,
  authorizationUrl,
  isIssuer: ({ cloud }, issuer) => issuer === issuerOf(cloud),
  redeemCode,
  refreshTokens,
  // Not allowed for mail in Google's device flow ("Allowed scopes").
  deviceCode: null,
  // Tokens are for one mailbox each.
  acquireAppOnly: null,
  graph: null,
  ofMailbox,
  proveCredential,
  refusals: {
    prefix: "google.",
    ...GOOGLE_LANGUAGE,
    fields: {},
    unknownCertificate: null,
    endedCredential: [],
    endedSecret: null,
    cancelled: [],
    unconsented: ["google.policy_blocked"],
  },
  // Its API for OAuth clients makes no secrets.
  secretRotation: null,
  inspect,
  // A Workspace domain is its own name; personal accounts have none.
  resolveTenant: async (_cloud, domain) => domain,
};

/** Changes nothing, signs in no one. */
export async function inspect(registration: Registration, redirectUri: string): Promise<Finding[]> {
  const client = await proveClient(proveCredential(registration), ({ remedyId }) => {
    if (ABOUT_CLIENT.has(remedyId)) return [wrong("application", remedyId), unknown("credential")];
    if (ABOUT_CREDENTIAL.has(remedyId)) return [ok("application"), wrong("credential", remedyId)];
    return null;
  });
  // A service account has no redirect URI.
  if (registration.credential.kind === "service_account") return client;
  const { codeChallenge } = await createPkcePair();
  const request = { redirectUri, state: randomUUID(), nonce: randomUUID(), codeChallenge };
  const url = await authorizationUrl(registration, request);
  url.searchParams.set("prompt", "none");
  // In the sandbox, the browser's origin is plain http.
  const origin = url.protocol === "https:" ? url.origin : registration.cloud.authority;
  const redirect = await askForRedirect(new URL(`${origin}${url.pathname}${url.search}`), {
    says: "redirect_uri_mismatch",
    remedyId: "google.redirect_uri_mismatch",
  });
  return [...client, redirect];
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
