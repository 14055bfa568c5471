import type { IncomingMessage, ServerResponse } from "node:http";
import { isFromElsewhere, SAFE_METHODS } from "../own-origin";

/** RFC 9457 */
export type Refusal = {
  status: 400 | 403 | 405 | 408 | 413 | 503;
  title: string;
  detail: string;
  /** next-auth's client expects the message in an address. */
  url?: string;
  headers?: Record<string, string>;
};

export function refuse(response: ServerResponse, { headers, ...problem }: Refusal): void {
  const body = JSON.stringify({ type: "about:blank", ...problem });
  response.writeHead(problem.status, {
    "content-type": "application/problem+json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    connection: "close",
    ...headers,
  });
  response.end(body);
}

const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/** The API checks cross-site requests itself, because it knows keys. @param ownOrigin for pages */
export function headProblem(
  request: IncomingMessage,
  path: string,
  ownOrigin: string | undefined,
): Refusal | null {
  const { method = "" } = request;
  if (!METHODS.includes(method)) return NO_SUCH_METHOD;
  if (!isDecodable(path)) return NO_SUCH_ADDRESS;
  const isOfSignIn = path.startsWith("/api/auth/");
  const isOfPages = isOfSignIn || !path.startsWith("/api/");
  if (ownOrigin === undefined || !isOfPages || SAFE_METHODS.has(method)) return null;
  const { origin, "sec-fetch-site": site } = request.headers;
  if (!isFromElsewhere({ origin, site: site?.toString() }, ownOrigin)) return null;
  const detail = `This request came from another site. Open Postkey at ${ownOrigin}.`;
  const url = `${ownOrigin}/sign-in?error=${encodeURIComponent(detail)}`;
  return { status: 403, title: "access_denied", detail, ...(isOfSignIn && { url }) };
}

function isDecodable(path: string): boolean {
  try {
    return path.startsWith("/") && decodeURIComponent(path) !== "";
  } catch {
    return false;
  }
}

const NO_SUCH_METHOD: Refusal = {
  status: 405,
  title: "method_not_allowed",
  detail: "This method is not allowed.",
  headers: { allow: METHODS.join(", ") },
};

const NO_SUCH_ADDRESS: Refusal = {
  status: 400,
  title: "invalid_request",
  detail: "This address is not encoded correctly.",
};
