import type { OAuthService } from "../service";
import { authorizationUrl, proveCredential, redeemCode, refreshTokens } from "./client";
import { inspect } from "./inspect";
import { missingScopes, requestedScopes } from "./scopes";
import { acquireAppOnly } from "./service-account";

/** Google Workspace and Gmail. */
export const google: OAuthService = {
  callbackPath: "/api/cloudProviders/oauth2/google/callback",
  requestedScopes,
  missingScopes,
  authorizationUrl,
  redeemCode,
  refreshTokens,
  // Google's device flow may not ask for mail ("Allowed scopes").
  deviceCode: null,
  acquireAppOnly,
  proveCredential,
  inspect,
  // A Workspace domain is its own name; personal accounts have none.
  resolveTenant: async (_cloud, domain) => domain,
};
