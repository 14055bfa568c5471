import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SECOND_MS } from "@/lib/kernel/clock";

/** Open answers have this long; the supervisor kills two seconds later. */
const DRAIN_MS = 7 * SECOND_MS;
const LOOK_EVERY_MS = 100;

/**
 * @param at.port 0 for any that is free
 * @returns the port
 * @throws Error of the system when nothing can listen there
 */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<number> {
  await new Promise<void>((listening, refused) => {
    server.once("error", refused);
    server.listen(port, host, listening);
  });
  // A TCP server's address is never a pipe's name.
  return (server.address() as AddressInfo).port;
}

/**
 * Takes no new connection, lets those that are open have their answers, and closes them: a client that asks all
 * the time would keep its own open without end.
 */
export async function drain(server: Server, withinMs = DRAIN_MS): Promise<void> {
  server.prependListener("request", (_request, response) => {
    response.setHeader("connection", "close");
  });
  const looking = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS);
  const late = setTimeout(() => server.closeAllConnections(), withinMs);
  await new Promise((closed) => server.close(closed));
  clearInterval(looking);
  clearTimeout(late);
}
