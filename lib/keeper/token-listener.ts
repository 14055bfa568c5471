import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { recordUse } from "@/lib/access/api-keys/uses";
import { getAccessTokenOperation } from "@/lib/http/api/operations/access-tokens";
import { authenticateKey } from "@/lib/http/auth/api-key";
import { problemAnswer } from "@/lib/http/problem";
import { findLock } from "@/lib/installation/keys/store";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { countUp } from "@/lib/kernel/metrics/counters";
import { clientBehind, plainAddress } from "@/lib/kernel/networks";

const PATH = /^\/api\/emailAccounts\/([^/?]{1,100})\/accessToken(?:\?|$)/;
const MAX_HEADER_BYTES = 8 * 1024;
/** A client that sends its request slower than this is let go. */
const REQUEST_TIMEOUT_MS = 10 * SECOND_MS;
/** Left to itself, Node looks every half a minute. */
const LOOK_EVERY_MS = SECOND_MS;
const KEEP_ALIVE_MS = 60 * SECOND_MS;

const {
  answer,
  params: paramsSchema,
  handle,
  id: operation,
  path: refusedPath,
} = getAccessTokenOperation;

/**
 * Hands out access tokens on a port of the keeper's own, without the web server around it: the same keys,
 * the same rules, the same answers, for software that asks thousands of times a second. On loopback only:
 * whoever wants it elsewhere puts a proxy with TLS in front.
 *
 * @param port 0 for any that is free
 * @returns where it listens, and what stops it
 */
export async function startTokenListener(
  port: number,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const options = {
    maxHeaderSize: MAX_HEADER_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: LOOK_EVERY_MS,
  };
  const server = createServer(options, (request, response) => void respond(request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((listening, refused) => {
    server.once("error", refused);
    server.listen(port, "127.0.0.1", listening);
  });
  // A TCP server's address is never a pipe's name.
  const { port: listens } = server.address() as AddressInfo;
  log.info({ port: listens }, "access tokens are handed out");
  return {
    port: listens,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeIdleConnections();
      }),
  };
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body } = await answerTo(request);
  countUp("postkey_api_requests_total", { operation, status: String(status) });
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

const HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

type Answer = { status: number; headers: Record<string, string>; body: string };

async function answerTo(request: IncomingMessage): Promise<Answer> {
  const { method, url = "", headers } = request;
  try {
    const [, emailAccountId] = PATH.exec(url) ?? [];
    if (method !== "GET" || emailAccountId === undefined)
      throw new AppError("not_found", "Only access tokens are handed out here.");
    const { authorization } = headers;
    if (authorization === undefined) throw new AppError("unauthenticated", "Send an API key.");
    const actor = await authenticateKey(authorization, await circumstances(request));
    const path = `/api/emailAccounts/${emailAccountId}/accessToken`;
    try {
      const body = await accessToken(actor, emailAccountId);
      recordUse(actor, { operation, path, status: 200 });
      return { status: 200, headers: HEADERS, body };
    } catch (error) {
      const problem = problemAnswer(error);
      recordUse(actor, { operation, path: refusedPath, status: problem.status });
      return problem;
    }
  } catch (error) {
    return problemAnswer(error);
  }
}

async function accessToken(
  actor: Awaited<ReturnType<typeof authenticateKey>>,
  emailAccountId: string,
): Promise<string> {
  const params = paramsSchema?.safeParse({ emailAccountId });
  if (!params?.success) throw new AppError("not_found", "No resource has this id.");
  // The operation reads nothing of the request but its id.
  const token = await handle({ actor, params: params.data } as Parameters<typeof handle>[0]);
  return JSON.stringify(answer.schema?.parse(token));
}

/**
 * A number of proxies is that of the web's: whoever is on this machine gets here without them, and would write
 * the header himself. Only networks say whose connection may bring it.
 */
function addressOf(forwardedFor: string | string[] | undefined, peer = ""): string | undefined {
  const { trustProxy } = env();
  if (!trustProxy || "hops" in trustProxy) return plainAddress(peer);
  return clientBehind(trustProxy, { forwardedFor: forwardedFor?.toString(), peer });
}

async function circumstances({ headers, socket }: IncomingMessage) {
  const address = addressOf(headers["x-forwarded-for"], socket.remoteAddress);
  const lockedBecause = await findLock();
  return { ...(address && { address }), ...(lockedBecause && { lockedBecause }) };
}
