import { FastResponse, NodeRequest, sendNodeResponse } from "srvx/node";
import { apiDoor } from "@/lib/http/api/door";
import { authenticateKey } from "@/lib/http/auth/api-key";
import { circumstances } from "@/lib/http/auth/client-address";
import { createGuardedServer, type Handle } from "@/lib/http/web/guarded-server";
import { drain, listen } from "@/lib/http/web/listening";
import { limitStrangers } from "@/lib/http/web/strangers";
import type { Actor } from "@/lib/kernel/actor";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { clientBehind, plainAddress } from "@/lib/kernel/networks";
import { shareFiles } from "./descriptors";

// Text bodies skip the stream, as srvx advises: half the CPU time for a cached token.
Object.assign(globalThis, { Response: FastResponse });

/** Programs have their request ready, unlike browsers. */
const HEADERS_WITHIN_MS = 5 * SECOND_MS;

/** The API without Next.js, with the web server's limits. @param options.port 0: any free */
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
      // From the socket: the adapter would trust a header of the client's.
      const program = await findProgram(request, socket.remoteAddress);
      if (program) strangers.admit(socket);
      return program;
    });
    // As in next.config.mjs.
    outgoing.setHeader("x-content-type-options", "nosniff");
    const request = new NodeRequest({ req: incoming, res: outgoing });
    const response = await answer(request);
    strangers.keepBriefly(incoming, outgoing);
    await sendNodeResponse(outgoing, response);
  };
  const server = createGuardedServer(serve, { headersWithinMs });
  const { api: room } = shareFiles();
  const strangers = limitStrangers(server, { idleMs: headersWithinMs, room });
  // Further connections are closed before they cost anything.
  server.maxConnections = room;
  const port = await listen(server, at);
  return { port, stop: () => drain(server) };
}

/**
 * Ignores sessions; null without a key.
 * @throws AppError unauthenticated, access_denied, too_many_requests
 */
async function findProgram({ headers }: Request, peer: string | undefined): Promise<Actor | null> {
  const authorization = headers.get("authorization");
  if (!authorization) return null;
  const address = addressOf(headers.get("x-forwarded-for"), peer);
  return authenticateKey(authorization, await circumstances(address));
}

/** Hop counts fit the web only: a local client gets here without proxies, and could forge it. */
function addressOf(forwardedFor: string | null, peer = ""): string | undefined {
  const { trustProxy } = env();
  if (!trustProxy || "hops" in trustProxy) return plainAddress(peer);
  return clientBehind(trustProxy, { forwardedFor: forwardedFor ?? undefined, peer });
}
