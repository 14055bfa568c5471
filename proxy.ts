import { type NextRequest, NextResponse } from "next/server";
import { PAGE_HEADER, signInAddress } from "@/lib/http/auth/way-back";

const PUBLIC = ["/sign-in", "/setup", "/reset", "/connect", "/connect/done"];
const SESSION_COOKIES = ["postkey.session", "__Host-postkey.session"];

/**
 * Headers and an early redirect for browsers without a cookie. It proves nothing: every page, action
 * and route proves its own actor.
 */
export function proxy(request: NextRequest): NextResponse {
  const path = request.nextUrl.pathname;
  const page = `${path}${request.nextUrl.search}`;
  const hasCookie = SESSION_COOKIES.some((name) => request.cookies.has(name));
  // A server action that is redirected here fails in the browser; it redirects by itself.
  const isAction = request.headers.has("next-action");
  if (!hasCookie && !isAction && !PUBLIC.includes(path))
    return withTransportSecurity(
      NextResponse.redirect(new URL(signInAddress(page), request.url), 303),
    );
  const policy = contentSecurityPolicy(Buffer.from(crypto.randomUUID()).toString("base64"));
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.set(PAGE_HEADER, page);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return withTransportSecurity(response);
}

/**
 * Only where the public address is https: over http the header is not allowed (RFC 6797 §7.2), and would
 * bind a host that may serve other things over http.
 */
function withTransportSecurity(response: NextResponse): NextResponse {
  if (process.env.POSTKEY_URL?.startsWith("https:"))
    response.headers.set("strict-transport-security", "max-age=31536000");
  return response;
}

/**
 * Next.js takes the nonce for its own scripts from this header of the request. Style elements need it too;
 * `style` attributes, with which Mantine sizes and places things, can bear none.
 */
function contentSecurityPolicy(nonce: string): string {
  const isDevelopment = process.env.NODE_ENV === "development";
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? " ws:" : ""}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export const config = {
  matcher: ["/((?!api/|_next/static|_next/image|favicon.ico|icon.svg).*)"],
};
