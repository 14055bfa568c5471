import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { headProblem, refuse } from "./head-problem";
import { admitBody, type Hold } from "./hold-body";
import { type Linger, lingerAfterAnswer } from "./linger";
import { PEER_HEADER } from "./peer";
import { type BodyLimits, bodyLimits, UPLOAD_WITHIN_MS } from "./request-limits";

export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<unknown>;

const HEADERS_WITHIN_MS = 10 * SECOND_MS;
/** Longer than reverse proxies keep a connection (60 s). */
const IDLE_MS = 65 * SECOND_MS;
const LOOK_EVERY_MS = SECOND_MS;
/** Bytes stalled in an answer stay in memory; far longer than any operation needs to begin. */
const STALLED_MS = 5 * MINUTE_MS;

/** For all bodies together. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;

/** RFC 9112 §9.3.2. Node would handle thousands in one segment; browsers and proxies wait. */
const MAX_PIPELINED = 16;

type Options = {
  limitsOf?: (pathname: string) => BodyLimits;
  headersWithinMs?: number;
  stalledMs?: number;
  linger?: Linger;
  maxHeldBytes?: number;
  ownOrigin?: string;
};

/** Nothing behind it parses an incomplete or oversized body. A refusal ends its connection. */
export function createGuardedServer(handle: Handle, options: Options = {}): Server {
  const { limitsOf = bodyLimits, maxHeldBytes = MAX_HELD_BYTES } = options;
  const { headersWithinMs = HEADERS_WITHIN_MS, stalledMs = STALLED_MS } = options;
  const { linger, ownOrigin } = options;
  const hold: Hold = { bytes: 0, maxBytes: maxHeldBytes };
  const waiting = new WeakMap<Socket, number>();
  const server = createServer(
    {
      headersTimeout: headersWithinMs,
      requestTimeout: UPLOAD_WITHIN_MS,
      keepAliveTimeout: IDLE_MS,
      connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, headersWithinMs),
    },
    (request, response) => {
      const { socket } = request;
      const count = (waiting.get(socket) ?? 0) + 1;
      waiting.set(socket, count);
      response.once("close", () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
      if (count > MAX_PIPELINED) socket.destroy();
      if (socket.destroyed) return;
      socket.setTimeout(stalledMs);
      lingerAfterAnswer(request, linger);
      request.headers[PEER_HEADER] = socket.remoteAddress ?? "";
      void admit(request, response).catch(() => response.destroy());
    },
  );
  server.setTimeout(stalledMs);
  // Node's limit begins with the first byte.
  server.on("connection", (socket) => socket.setTimeout(headersWithinMs));
  // An upgraded connection has no time limits.
  server.on("upgrade", (_request, socket) => socket.destroy());

  async function admit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    // RFC 9112 §3.2.2: the host in absolute form is not ours to trust.
    request.url = request.url?.replace(ABSOLUTE_FORM, "/");
    const problem = headProblem(request, path, ownOrigin);
    if (problem) return refuse(response, problem);
    const refusal = await admitBody({ request, response, limits: limitsOf(path), hold });
    if (refusal === "gone") return;
    if (refusal) return refuse(response, refusal);
    if (ownOrigin !== undefined) nameOwnHost(request, ownOrigin);
    await handle(request, response);
  }
  return server;
}

/** Next.js compares Origin with these; we have compared it with POSTKEY_URL. */
function nameOwnHost({ headers }: IncomingMessage, ownOrigin: string): void {
  headers.host = new URL(ownOrigin).host;
  delete headers["x-forwarded-host"];
}

const ABSOLUTE_FORM = /^https?:\/\/[^/?]*\/?/i;

/** As Next.js reads it: `/x/../api/auth` is `/api/auth`. */
function pathOf({ url = "" }: IncomingMessage): string {
  try {
    return new URL(url.startsWith("/") ? `http://localhost${url}` : url).pathname;
  } catch {
    return url;
  }
}
