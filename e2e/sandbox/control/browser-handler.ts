import { googleBrowserHandler } from "../google/handler";
import { json, type WebRequest, type WebResponse } from "../http";
import { authorizeEndpoint } from "../identity/authorize";
import { deviceLoginPage } from "../identity/device-code";
import { html, page } from "../pages/html";
import type { Platform } from "../platform";
import type { ControlContext } from "./control-request";
import { CONTROL_ROUTES } from "./control-routes";

const AUTHORIZE = /^\/([^/]+)\/oauth2\/v2\.0\/authorize$/;
const LOGOUT = /^\/[^/]+\/oauth2\/v2\.0\/logout$/;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** What the plain-http server answers: the sign-in pages, the control page and its API. */
export function browserHandler(
  platform: Platform,
  context: ControlContext,
  request: WebRequest,
): WebResponse {
  const authorize = AUTHORIZE.exec(request.path);
  if (authorize) return authorizeEndpoint(platform, request, authorize[1] ?? "");
  const google = googleBrowserHandler(platform, request);
  if (google) return google;
  if (request.path === "/devicelogin") return deviceLoginPage(platform, request);
  if (LOGOUT.test(request.path)) return signedOut();
  if (!isFromHere(request)) return json(403, { error: "Only pages of this machine may do that." });
  for (const { method, pattern, answer } of CONTROL_ROUTES) {
    const match = request.method === method ? pattern.exec(request.path) : null;
    if (match)
      return answer(platform, { context, request, parameters: match.slice(1).map(decode) });
  }
  return json(404, { error: "There is nothing at this address of the sandbox." });
}

/** Keeps other sites' pages from switching faults on: they can post here, but not lie about it. */
function isFromHere({ headers }: WebRequest): boolean {
  const host = headers.host ?? "";
  if (!LOOPBACK.test(host)) return false;
  return headers.origin === undefined || headers.origin === `http://${host}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function signedOut(): WebResponse {
  return page({
    title: "Signed out (sandbox)",
    layout: "dialog",
    body: html`<h1>You signed out</h1><p class="muted">The sandbox keeps no session of its own.</p>`,
  });
}
