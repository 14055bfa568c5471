import type { ConsentRequest, ConsentSubject, OAuthService } from "../service";
import {
  acquireAppOnly,
  authorizationUrl,
  proveCredential,
  redeemCode,
  refreshTokens,
} from "./client";
import { pollDeviceCode, requestDeviceCode } from "./device-code";
import { openOwnSecrets } from "./graph";
import { acquireForGraph, refreshForGraph } from "./graph-tokens";
import { isIssuer } from "./id-token";
import { inspect } from "./inspect";
import {
  graphScopes,
  IDENTITY_SCOPES,
  MICROSOFT_MAIL_TOKENS,
  permissions,
  requestedScopes,
} from "./mail-tokens";
import { MICROSOFT_REFUSALS } from "./refusals";
import { resolveTenant } from "./tenant";

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
  graph: { refresh: refreshForGraph, acquireAppOnly: acquireForGraph },
  // An application token opens every mailbox granted to it.
  ofMailbox: null,
  proveCredential,
  refusals: MICROSOFT_REFUSALS,
  secretRotation: { open: openOwnSecrets, notAccepted: "graph.secret_not_accepted" },
  inspect,
  resolveTenant,
};

/** Never `common` (Microsoft, "Admin consent on the Microsoft identity platform"). */
function adminConsentUrl(registration: ConsentSubject, request: ConsentRequest) {
  const { cloud, tenantId, clientId, grant } = registration;
  const { state, redirectUri, graphUses = [] } = request;
  const atGraph = graphScopes(registration, graphUses);
  const scopes =
    grant === "app_only"
      ? [`${cloud.scopeHost}/.default`]
      : [...IDENTITY_SCOPES, ...requestedScopes(registration), ...atGraph];
  const url = new URL(`${cloud.authorizeOrigin}/${tenantId}/v2.0/adminconsent`);
  url.searchParams.set("client_id", clientId);
  url.searchParams.set("redirect_uri", redirectUri);
  url.searchParams.set("state", state);
  url.searchParams.set("scope", scopes.join(" "));
  return url;
}
