import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { isInNetworks, plainAddress } from "@/lib/kernel/networks";
import { type Newcomer, Newcomers } from "@/lib/kernel/newcomers";

/**
 * Keeps strangers from taking the places of programs: connections that have not shown a valid key have half of the
 * places (see `Newcomers`). Proxies that the operator names bring many clients, and are not counted.
 *
 * @param idleMs how long a connection is kept after an answer to a stranger
 * @param room how many connections there may be
 */
export function limitStrangers(server: Server, { idleMs, room }: { idleMs: number; room: number }) {
  const newcomers = new Newcomers(room / 2);
  const strangers = new WeakMap<Socket, Newcomer>();
  const admit = (socket: Socket) => {
    const stranger = strangers.get(socket);
    if (stranger) newcomers.delete(stranger);
    strangers.delete(socket);
  };
  server.on("connection", (socket) => {
    const address = plainAddress(socket.remoteAddress ?? "") ?? "";
    if (isProxy(address)) return;
    const stranger = { isLoggingIn: false, putOut: () => void socket.destroy() };
    strangers.set(socket, stranger);
    newcomers.add(stranger, address);
    socket.once("close", () => admit(socket));
  });
  return {
    /** A valid key came over this connection. */
    admit,
    /** The place is for a client with a key. Requests already sent on this connection are still answered. */
    keepBriefly({ socket }: IncomingMessage, response: ServerResponse): void {
      if (!strangers.has(socket)) return;
      response.setHeader("keep-alive", `timeout=${idleMs / SECOND_MS}`);
      response.once("finish", () => socket.setTimeout(idleMs));
    },
  };
}

function isProxy(address: string): boolean {
  const { trustProxy } = env();
  return trustProxy !== undefined && "networks" in trustProxy
    ? isInNetworks(trustProxy.networks, address)
    : false;
}
