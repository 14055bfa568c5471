import { companyBrowserHandler } from "../company/authorize";
import { googleBrowserHandler } from "../google/handler";
import { json, type WebRequest, type WebResponse } from "../http";
import { adminConsentEndpoint } from "../identity/admin-consent";
import { authorizeEndpoint } from "../identity/authorize";
import { deviceLoginPage } from "../identity/device-code";
import type { Platform } from "../platform";
import { scannerPage } from "../scanner/page";
import type { ControlContext } from "./control-request";
import { CONTROL_ROUTES } from "./control-routes";

const AUTHORIZE = /^\/([^/]+)\/oauth2\/v2\.0\/authorize$/;
const ADMIN_CONSENT = /^\/([^/]+)\/v2\.0\/adminconsent$/;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** What the plain-http server answers: the sign-in pages, the control page and its API. */
export function browserHandler(
  platform: Platform,
  context: ControlContext,
  request: WebRequest,
): WebResponse | Promise<WebResponse> {
  const identity = identityPage(platform, request);
  if (identity) return identity;
  if (!isFromHere(request)) return json(403, { error: "Only pages of this machine may do that." });
  if (request.path === "/scanner") return scannerPage(request);
  for (const [method, path, answer] of CONTROL_ROUTES) {
    const match = request.method === method ? path.exec(request.path) : null;
    if (match)
      return answer(platform, { context, request, parameters: match.slice(1).map(decode) });
  }
  return json(404, { error: "There is nothing at this address of the sandbox." });
}

/** The pages of the identity platforms; undefined for everything else. */
function identityPage(platform: Platform, request: WebRequest): WebResponse | undefined {
  const authorize = AUTHORIZE.exec(request.path);
  if (authorize) return authorizeEndpoint(platform, request, authorize[1] ?? "");
  const consent = ADMIN_CONSENT.exec(request.path);
  if (consent) return adminConsentEndpoint(platform, request, consent[1] ?? "");
  if (request.path === "/devicelogin") return deviceLoginPage(platform, request);
  return googleBrowserHandler(platform, request) ?? companyBrowserHandler(platform, request);
}

/** Keeps other sites' pages from switching faults on: they can post here, but not lie about it. */
function isFromHere({ headers }: WebRequest): boolean {
  const host = headers.host ?? "";
  if (!LOOPBACK.test(host)) return false;
  return headers.origin === undefined || headers.origin === `http://${host}`;
}

function decode(part: string | undefined): string | undefined {
  return part && decodeURIComponent(part);
}
