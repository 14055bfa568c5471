import type { ServerResponse } from "node:http";

/** Why a request goes no further, as problem details say it (RFC 9457). */
export type Refusal = {
  status: 400 | 403 | 404 | 405 | 408 | 413 | 501 | 503;
  title: string;
  detail: string;
  retryAfterSeconds?: number;
  /** For a client that looks for the message in an address. */
  url?: string;
  /** Methods that are taken (RFC 9110 §10.2.1). */
  allow?: readonly string[];
};

/** Replies, and ends the connection. */
export function refuse(
  response: ServerResponse,
  { status, title, detail, retryAfterSeconds, allow, url }: Refusal,
): void {
  const body = JSON.stringify({ type: "about:blank", title, status, detail, ...(url && { url }) });
  response.writeHead(status, {
    "content-type": "application/problem+json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    connection: "close",
    ...(retryAfterSeconds !== undefined && { "retry-after": `${retryAfterSeconds}` }),
    ...(allow && { allow: allow.join(", ") }),
  });
  response.end(body);
}
