import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Socket } from "node:net";
import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { headProblem, type Refusal, refuse } from "./head-problem";
import { PEER_HEADER } from "./peer";
import {
  type BodyLimits,
  bodyLimits,
  bodyProblem,
  limitText,
  UPLOAD_WITHIN_MS,
} from "./request-limits";

export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<unknown>;
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
  const { headersWithinMs = 10 * SECOND_MS, stalledMs = STALLED_MS } = options;
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

export type Hold = { bytes: number; maxBytes: number };

/** Clients may send bytes one by one (RFC 9112 §7.1), which costs much more memory. */
const CHUNK_COSTS_BYTES = 256;
const MAX_CHUNKS = 2_000;

type Arriving = {
  request: IncomingMessage;
  response: ServerResponse;
  limits: BodyLimits;
  hold: Hold;
};

type Outcome = Refusal | "gone" | null;

/** Uploads pass through; nothing may follow them. @returns null to go on, a refusal, or "gone" */
export async function admitBody(arriving: Arriving): Promise<Outcome> {
  const { request, response, limits } = arriving;
  const { "content-length": length = 0, "transfer-encoding": coding } = request.headers;
  if (Number(length) > limits.maxBytes) return tooLong(limits);
  if (Number(length) === 0 && coding === undefined) return null;
  if (limits.isHeld) return untilComplete(arriving);
  response.shouldKeepAlive = false;
  return null;
}

function untilComplete({ request, response, limits, hold }: Arriving): Promise<Outcome> {
  const chunks: Buffer[] = [];
  let [size, held, isOver] = [0, 0, false];
  const giveBack = () => {
    hold.bytes -= held;
    held = 0;
  };
  response.once("close", giveBack);
  const push = request.push.bind(request);
  return new Promise((resolve) => {
    const settle = (outcome: Outcome) => {
      isOver = true;
      // The client may read slowly; others need the room.
      if (outcome !== null) {
        request.read();
        chunks.length = 0;
        giveBack();
      }
      clearTimeout(timer);
      request.off("close", gone);
      resolve(outcome);
    };
    const gone = () => settle("gone");
    const timer = setTimeout(() => settle(tooSlow(limits)), limits.withinMs);
    request.once("close", gone);
    const take = (chunk: Buffer) => {
      size += chunk.length;
      held += chunk.length + CHUNK_COSTS_BYTES;
      hold.bytes += chunk.length + CHUNK_COSTS_BYTES;
      chunks.push(chunk);
      if (size > limits.maxBytes || chunks.length > MAX_CHUNKS) settle(tooLong(limits));
      else if (hold.bytes > hold.maxBytes) settle(NO_ROOM);
    };
    // Here Node's parser delivers; the request object stays the same.
    request.push = (chunk: Buffer | null) => {
      if (!isOver && chunk) take(chunk);
      else if (!isOver) settle(problemOf(request, Buffer.concat(chunks)));
      if (!isOver || chunk === null) push(chunk);
      // Keeps reading: the limits bound it.
      return true;
    };
  });
}

function problemOf({ headers }: IncomingMessage, body: Buffer): Refusal | null {
  const detail = bodyProblem(body, headers["content-type"] ?? "");
  return detail === null ? null : { status: 413, title: "payload_too_large", detail };
}

function tooLong({ maxBytes }: BodyLimits): Refusal {
  const detail = `A body has at most ${limitText(maxBytes)} here.`;
  return { status: 413, title: "payload_too_large", detail };
}

function tooSlow({ withinMs }: BodyLimits): Refusal {
  const detail = `A body has to be there within ${withinMs / SECOND_MS} s.`;
  return { status: 408, title: "request_timeout", detail };
}

const NO_ROOM: Refusal = {
  status: 503,
  title: "temporarily_unavailable",
  detail: "More is on its way in than there is room for. Try again in a moment.",
  headers: { "retry-after": "1" },
};

/** nginx's lingering_time and lingering_timeout, and a bound on bytes. */
const LINGER = { longestMs: 30 * SECOND_MS, silentMs: 5 * SECOND_MS, maxBytes: 256 * 1024 * 1024 };
const LOOK_AGAIN_MS = 100;

export type Linger = typeof LINGER;

/** RFC 9112 §9.6: closing with unread bytes resets, and the client loses the answer. */
export function lingerAfterAnswer(
  request: IncomingMessage,
  { longestMs, silentMs, maxBytes }: Linger = LINGER,
): void {
  const { socket } = request;
  const close = () => Socket.prototype.destroySoon.call(socket);
  // Node calls it after a connection's last answer.
  socket.destroySoon = () => {
    if (request.complete) return close();
    socket.end();
    const [beganAt, first] = [elapsed(), socket.bytesRead];
    let [heardAt, read] = [beganAt, first];
    const looking = setInterval(() => {
      if (socket.bytesRead > read) [heardAt, read] = [elapsed(), socket.bytesRead];
      const isOver =
        elapsed() - beganAt > longestMs ||
        elapsed() - heardAt > silentMs ||
        read - first > maxBytes;
      if (isOver) socket.destroy();
    }, LOOK_AGAIN_MS);
    socket.once("close", () => clearInterval(looking));
    request.once("end", close);
  };
}
