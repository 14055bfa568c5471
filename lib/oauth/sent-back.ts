import type { HttpsReply } from "@/lib/egress/https";

/** RFC 6749 §4.1.2.1: a redirect elsewhere, or with another state, proves nothing. */
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
