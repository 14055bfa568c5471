import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SECOND_MS } from "@/lib/kernel/clock";

/** The supervisor kills two seconds later. */
const DRAIN_MS = 7 * SECOND_MS;
const LOOK_EVERY_MS = 100;

/** @param at.port 0: any free @throws a system error when it cannot listen */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<number> {
  await new Promise<void>((listening, refused) => {
    server.once("error", refused);
    server.listen(port, host, listening);
  });
  // A TCP address is never a pipe's name.
  return (server.address() as AddressInfo).port;
}

/** Open answers end first; a busy client would keep its connection open. */
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
