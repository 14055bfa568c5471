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
/** Longer than the minute that reverse proxies keep a connection, or they would meet closed ones. */
const IDLE_MS = 65 * SECOND_MS;
const LOOK_EVERY_MS = SECOND_MS;
/**
 * Without a byte in either direction, in the middle of an answer: its client does not read, and would keep
 * the unsent part in memory. Far longer than any operation works before its first word.
 */
const STALLED_MS = 5 * MINUTE_MS;

/** What all bodies together may hold that are on their way in. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;

/**
 * Requests of one connection that are answered at once (RFC 9112 §9.3.2). Browsers and proxies send the next
 * one after the answer; Node hands on all that one segment holds, thousands of them.
 */
const MAX_PIPELINED = 16;

type Options = {
  limitsOf?: (pathname: string) => BodyLimits;
  headersWithinMs?: number;
  stalledMs?: number;
  linger?: Linger;
  maxHeldBytes?: number;
  /** Of pages: what a browser sends from elsewhere is refused with 403. */
  ownOrigin?: string;
};

/**
 * A server in front of the handler of its requests: nothing is handed on before the whole body has arrived, within the
 * limits of its address. So no parser behind it, of Next.js or of next-auth, ever meets anything else. A request that
 * is refused ends its connection.
 */
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
  // Node waits without end for the first byte of a connection: its limit begins with that.
  server.on("connection", (socket) => socket.setTimeout(headersWithinMs));
  // Nothing here speaks WebSocket, and an upgraded connection has no time limits any more.
  server.on("upgrade", (_request, socket) => socket.destroy());

  async function admit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    // RFC 9112 §3.2.2: an address with a host in it means the same as one without, and the host is not ours to name.
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

/**
 * Next.js compares the Origin of an action with these headers, which proxies write as they like (nginx: the name behind
 * `proxy_pass`). The Origin was compared with POSTKEY_URL already.
 */
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
