import { findTenant } from "../directory";
import { government } from "../government";
import { graphHandler } from "../graph/applications";
import { inboxHandler } from "../graph/inbox";
import { sendMailHandler } from "../graph/messages";
import { json, type WebRequest, type WebResponse } from "../http";
import type { Platform } from "../platform";
import { authorizeEndpoint } from "./authorize";
import { deviceCodeEndpoint } from "./device-code";
import { errorResponse, IdentityError } from "./identity-error";
import { publishedKeys } from "./jwt";
import { parseTenantPath, type TenantPath } from "./tenant-path";
import { tokenEndpoint } from "./token-endpoint";

const ROUTES: readonly {
  pattern: RegExp;
  answer: (platform: Platform, request: WebRequest, tenant: string) => WebResponse;
}[] = [
  { pattern: /^\/([^/]+)\/oauth2\/v2\.0\/token$/, answer: tokenEndpoint },
  { pattern: /^\/([^/]+)\/oauth2\/v2\.0\/devicecode$/, answer: deviceCodeEndpoint },
  // Browsers use the other port; programs look whether a redirect URI is registered.
  { pattern: /^\/([^/]+)\/oauth2\/v2\.0\/authorize$/, answer: authorizeEndpoint },
  { pattern: /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/, answer: openIdMetadata },
  { pattern: /^\/([^/]+)\/discovery\/v2\.0\/keys$/, answer: keys },
];

/** What the https server answers: programs talk to it, never a browser. */
export function authorityHandler(platform: Platform, request: WebRequest): WebResponse {
  for (const { pattern, answer } of ROUTES) {
    const match = pattern.exec(request.path);
    if (match) return answer(platform, request, match[1] ?? "");
  }
  const answer =
    graphHandler(platform, request) ??
    sendMailHandler(platform, request) ??
    inboxHandler(platform, request);
  return answer ?? json(404, { error: "There is nothing at this address of the sandbox." });
}

function openIdMetadata(platform: Platform, _request: WebRequest, segment: string): WebResponse {
  const elsewhere = findTenant(segment);
  if (elsewhere?.regionScope && !platform.isGovernment)
    return openIdMetadata(government(platform), _request, segment);
  let path: TenantPath;
  try {
    path = parseTenantPath(platform, segment);
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    return errorResponse(platform, error);
  }
  platform.requests.record({ place: "metadata", what: "openid-configuration", outcome: "200" });
  const tenant = path.kind === "tenant" ? path.tenant.id : "{tenantid}";
  const base = `${platform.authority}/${path.kind === "tenant" ? tenant : path.kind}`;
  return json(200, {
    issuer: `${platform.authority}/${tenant}/v2.0`,
    authorization_endpoint: `${platform.authorizeOrigin}/${segment}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    code_challenge_methods_supported: ["S256"],
    tenant_region_scope: path.kind === "tenant" && path.tenant.regionScope ? "USGov" : "EU",
    ...(path.kind === "tenant" &&
      path.tenant.regionScope && { tenant_region_sub_scope: path.tenant.regionScope }),
  });
}

function keys(platform: Platform): WebResponse {
  platform.requests.record({ place: "metadata", what: "keys", outcome: "200" });
  return publishedKeys(platform);
}
