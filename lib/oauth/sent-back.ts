import type { HttpsReply } from "@/lib/egress/https";

/**
 * Whether the authorization endpoint sends the browser back with the state of this request (RFC 6749
 * §4.1.2.1): that is the platform's, and it knows the redirect URI. A redirect to somewhere near it, or
 * one that carries another state, shows nothing.
 */
export function isSentBack(
  { status, headers }: HttpsReply,
  { redirect_uri, state }: { redirect_uri: string; state: string },
): boolean {
  if (status !== 302 && status !== 303) return false;
  if (!URL.canParse(headers.location ?? "")) return false;
  const target = new URL(headers.location ?? "");
  const isThere = `${target.origin}${target.pathname}` === new URL(redirect_uri).href;
  return isThere && target.searchParams.get("state") === state;
}
