import type { OAuthService } from "../service";
import { adminConsentUrl } from "./admin-consent";
import {
  acquireAppOnly,
  authorizationUrl,
  proveCredential,
  redeemCode,
  refreshTokens,
} from "./client";
import { pollDeviceCode, requestDeviceCode } from "./device-code";
import { isIssuer } from "./id-token";
import { inspect } from "./inspect";
import { permissions } from "./scopes";
import { resolveTenant } from "./tenant";

/** Microsoft Entra ID, in each of its clouds. */
export const microsoft: OAuthService = {
  callbackPath: "/api/cloudProviders/oauth2/microsoft/callback",
  credentialKinds: ["client_secret", "certificate", "federated_token", "managed_identity"],
  permissions,
  adminConsentUrl,
  authorizationUrl,
  isIssuer,
  redeemCode,
  refreshTokens,
  deviceCode: { request: requestDeviceCode, poll: pollDeviceCode },
  acquireAppOnly,
  // An application token of Microsoft's is good for every mailbox that it was granted.
  ofMailbox: null,
  proveCredential,
  inspect,
  resolveTenant,
};
