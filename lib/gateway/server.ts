import "server-only";
import { FastResponse, NodeRequest, sendNodeResponse } from "srvx/node";
import { apiDoor } from "@/lib/http/api/door";
import { createGuardedServer } from "@/lib/http/web/guarded-server";
import { drain, listen } from "@/lib/http/web/listening";
import { findProgram } from "./find-program";

// As srvx says: one that is written as text goes out as text, without a stream around it. It saves half of the
// processor's time for a cached token.
Object.assign(globalThis, { Response: FastResponse });

/** More than the programs of one installation open; the rest is closed before it costs anything. */
const MAX_CONNECTIONS = 5_000;

/**
 * Every operation of the API on a port of its own, without Next.js around it, for programs with a key. It has
 * the limits of the web's own server.
 *
 * @param at.port 0 for any that is free
 * @returns where it listens, and what stops it
 */
export async function startGateway(at: {
  host: string;
  port: number;
}): Promise<{ port: number; stop: () => Promise<void> }> {
  const server = createGuardedServer(async (incoming, outgoing) => {
    // Of the socket: a header with it would be the client's own wherever the adapter reads what was sent.
    const peer = incoming.socket.remoteAddress;
    const answer = apiDoor((request) => findProgram(request, peer));
    const request = new NodeRequest({ req: incoming, res: outgoing });
    await sendNodeResponse(outgoing, await answer(request));
  });
  server.maxConnections = MAX_CONNECTIONS;
  const port = await listen(server, at);
  return { port, stop: () => drain(server) };
}
