import "server-only";
import { FastResponse, NodeRequest, sendNodeResponse } from "srvx/node";
import { apiDoor } from "@/lib/http/api/door";
import { createGuardedServer, type Handle } from "@/lib/http/web/guarded-server";
import { drain, listen } from "@/lib/http/web/listening";
import { limitStrangers } from "@/lib/http/web/strangers";
import { SECOND_MS } from "@/lib/kernel/clock";
import { shareFiles } from "./descriptors";
import { findProgram } from "./find-program";

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
