import type { OAuthService } from "../service";
import { authorizationUrl, proveCredential, redeemCode, refreshTokens } from "./client";
import { GOOGLE_LANGUAGE } from "./failures";
import { inspect } from "./inspect";
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
