import type { IncomingMessage } from "node:http";
import { isFromElsewhere, SAFE_METHODS } from "../own-origin";
import type { Refusal } from "./refuse";

/**
 * Refuses what another site has a browser send to pages, their Server Actions and the sign-in: here, before
 * Next.js, which would compare with the Host that the request names. The API compares by itself, where it knows
 * whether a session or a key asks.
 *
 * @param own origin of POSTKEY_URL
 */
export function senderProblem(
  { method = "", headers }: IncomingMessage,
  path: string,
  own: string,
): Refusal | null {
  if (SAFE_METHODS.has(method) || (isOfApi(path) && !isOfSignIn(path))) return null;
  const site = headers["sec-fetch-site"];
  const sender = { origin: headers.origin, site: typeof site === "string" ? site : undefined };
  if (!isFromElsewhere(sender, own)) return null;
  const detail = `This request came from another site. Open Postkey at ${own}.`;
  return {
    status: 403,
    title: "access_denied",
    detail,
    ...(isOfSignIn(path) && errorPage(own, detail)),
  };
}

/** Where the client of next-auth reads the message of a refusal. */
function errorPage(own: string, message: string) {
  return { url: `${own}/sign-in?error=${encodeURIComponent(message)}` };
}

function isOfApi(path: string): boolean {
  return path.startsWith("/api/");
}

function isOfSignIn(path: string): boolean {
  return path.startsWith("/api/auth/");
}
