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
import { openOwnSecrets } from "./graph";
import { isIssuer } from "./id-token";
import { inspect } from "./inspect";
import { MICROSOFT_MAIL_TOKENS } from "./mail-tokens";
import { MICROSOFT_REFUSALS } from "./refusals";
import { permissions } from "./scopes";
import { resolveTenant } from "./tenant";

/** Microsoft Entra ID, in each of its clouds. */
export const microsoft: OAuthService = {
  callbackPath: "/api/cloudProviders/oauth2/microsoft/callback",
  credentialKinds: ["client_secret", "certificate", "federated_token", "managed_identity"],
  permissions,
  mailTokens: MICROSOFT_MAIL_TOKENS,
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
  refusals: MICROSOFT_REFUSALS,
  secretRotation: { open: openOwnSecrets, notAccepted: "graph.secret_not_accepted" },
  inspect,
  resolveTenant,
};
