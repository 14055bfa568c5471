import type { IncomingMessage } from "node:http";
import type { Refusal } from "./refuse";

/** Of pages and routes. */
export const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Why a request goes no further, as its head says: what RFC 9112 has a server refuse, what no page and no
 * route has, and what Next.js would fail on, and log with a stack each time, or answer otherwise than the
 * gateway.
 */
export function headProblem(request: IncomingMessage, path: string): Refusal | null {
  const { method = "", url = "", headers, rawHeaders } = request;
  if (rawHeaders.filter(isHostName).length > 1) return TWO_HOSTS;
  if (!isKnownCoding(headers["transfer-encoding"])) return UNKNOWN_CODING;
  if (!METHODS.includes(method)) return NO_SUCH_METHOD;
  if (url === "*" && method !== "OPTIONS") return NO_ADDRESS;
  if (!isDecodable(path)) return NO_SUCH_ENCODING;
  return path.startsWith("/api/") && /\/(\/|$)/.test(path) ? EMPTY_SEGMENT : null;
}

/** Names are at the even places. */
function isHostName(text: string, index: number): boolean {
  return index % 2 === 0 && text.toLowerCase() === "host";
}

/** RFC 9112 §7: Postkey takes bodies apart that come in chunks, and no others. */
function isKnownCoding(coding: string | undefined): boolean {
  return coding === undefined || coding.trim().toLowerCase() === "chunked";
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

const NO_SUCH_METHOD: Refusal = {
  status: 405,
  title: "method_not_allowed",
  allow: METHODS,
  detail: "This method is not allowed.",
};

const NO_SUCH_ENCODING: Refusal = {
  status: 400,
  title: "invalid_request",
  detail: "This address is not encoded correctly.",
};

const NO_ADDRESS: Refusal = {
  status: 400,
  title: "invalid_request",
  detail: "Only OPTIONS asks about the whole server (*).",
};

/** RFC 9112 §3.2. */
const TWO_HOSTS: Refusal = {
  status: 400,
  title: "invalid_request",
  detail: "A request has one Host header.",
};

/** RFC 9112 §6.1. */
const UNKNOWN_CODING: Refusal = {
  status: 501,
  title: "not_implemented",
  detail: "The only Transfer-Encoding that is supported is chunked.",
};

const EMPTY_SEGMENT: Refusal = {
  status: 404,
  title: "not_found",
  detail: "The API has nothing at this address. Leave out the extra slash.",
};
