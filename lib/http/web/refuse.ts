import type { IncomingMessage, ServerResponse } from "node:http";
import { SECOND_MS } from "@/lib/kernel/clock";

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

/** How long a client has to read the answer before it meets a reset. */
export const LINGER_MS = 2 * SECOND_MS;

/**
 * Replies, and ends the connection. Not at once while the client still sends: it would see a reset and not
 * read the reply (RFC 9112 §9.6). The rest of the body is not read: gigabytes that are thrown away fill the
 * memory as well, until they are collected.
 */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  {
    status,
    title,
    detail,
    retryAfterSeconds,
    allow,
    url,
    lingerMs,
  }: Refusal & { lingerMs: number },
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
  response.write(body);
  const timer = setTimeout(() => response.end(), request.complete ? 0 : lingerMs);
  response.once("close", () => clearTimeout(timer));
}
