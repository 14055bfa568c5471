import type { WebRequest, WebResponse } from "../http";
import { publishedKeys } from "../identity/jwt";
import type { Platform } from "../platform";
import { googleAuthorize } from "./authorize";
import { googleToken } from "./token";

const AUTHORIZE = "/o/oauth2/v2/auth";

/** What a browser asks Google; undefined for addresses that are not Google's. */
export function googleBrowserHandler(
  platform: Platform,
  request: WebRequest,
): WebResponse | undefined {
  return request.path === AUTHORIZE ? googleAuthorize(platform, request) : undefined;
}

/** What programs ask Google. */
export function googleAuthorityHandler(
  platform: Platform,
  request: WebRequest,
): WebResponse | undefined {
  if (request.path === "/token") return googleToken(platform, request);
  // Browsers use the other port; programs look whether a redirect URI is registered.
  if (request.path === AUTHORIZE) return googleAuthorize(platform, request);
  if (request.path !== "/oauth2/v3/certs") return undefined;
  return publishedKeys(platform);
}
