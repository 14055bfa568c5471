import "server-only";
import { FastResponse, NodeRequest, sendNodeResponse } from "srvx/node";
import { apiDoor } from "@/lib/http/api/door";
import { authenticateKey } from "@/lib/http/auth/api-key";
import { circumstances } from "@/lib/http/auth/circumstances";
import { createGuardedServer, type Handle } from "@/lib/http/web/guarded-server";
import { drain, listen } from "@/lib/http/web/listening";
import { limitStrangers } from "@/lib/http/web/strangers";
import type { Actor } from "@/lib/kernel/actor";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { clientBehind, plainAddress } from "@/lib/kernel/networks";
import { shareFiles } from "./descriptors";

// As srvx says: one that is written as text goes out as text, without a stream around it. It saves half of the
// processor's time for a cached token.
Object.assign(globalThis, { Response: FastResponse });

/** Less than browsers get: a program has its request ready when it connects. */
const HEADERS_WITHIN_MS = 5 * SECOND_MS;

/**
 * Every operation of the API on a port of its own, without Next.js around it, for programs with a key. It has
 * the limits of the web's own server.
 *
 * @param options.port 0 for any that is free
 * @returns where it listens, and what stops it
 */
export async function startGateway({
  headersWithinMs = HEADERS_WITHIN_MS,
  ...at
}: {
  host: string;
  port: number;
  headersWithinMs?: number;
}): Promise<{ port: number; stop: () => Promise<void> }> {
  const serve: Handle = async (incoming, outgoing) => {
    const { socket } = incoming;
    const answer = apiDoor(async (request) => {
      // Of the socket: a header with it would be the client's own wherever the adapter reads what was sent.
      const program = await findProgram(request, socket.remoteAddress);
      if (program) strangers.admit(socket);
      return program;
    });
    // As next.config.mjs has it for every address.
    outgoing.setHeader("x-content-type-options", "nosniff");
    const request = new NodeRequest({ req: incoming, res: outgoing });
    const response = await answer(request);
    strangers.keepBriefly(incoming, outgoing);
    await sendNodeResponse(outgoing, response);
  };
  const server = createGuardedServer(serve, { headersWithinMs });
  const { api: room } = shareFiles();
  const strangers = limitStrangers(server, { idleMs: headersWithinMs, room });
  // The rest is closed before it costs anything.
  server.maxConnections = room;
  const port = await listen(server, at);
  return { port, stop: () => drain(server) };
}

/**
 * The program that asks, by its key; null without one. A browser's session is none of the gateway's business.
 *
 * @param peer the address that the connection comes from
 * @throws AppError unauthenticated, access_denied, too_many_requests
 */
async function findProgram({ headers }: Request, peer: string | undefined): Promise<Actor | null> {
  const authorization = headers.get("authorization");
  if (!authorization) return null;
  const address = addressOf(headers.get("x-forwarded-for"), peer);
  return authenticateKey(authorization, await circumstances(address));
}

/**
 * A number of proxies is that of the web's: a client on this machine gets here without them, and would write
 * the header itself. Only networks say whose connection may bring it.
 */
function addressOf(forwardedFor: string | null, peer = ""): string | undefined {
  const { trustProxy } = env();
  if (!trustProxy || "hops" in trustProxy) return plainAddress(peer);
  return clientBehind(trustProxy, { forwardedFor: forwardedFor ?? undefined, peer });
}
