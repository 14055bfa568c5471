import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { isInNetworks, networkOf, plainAddress } from "@/lib/kernel/networks";

/** Connections from one network that have not shown a key: programs show theirs in the first request. */
const MAX_FROM_ONE_NETWORK = 250;

/**
 * Keeps strangers from taking the places of programs. Connections that have not shown a valid key are counted
 * by network; more than a few hundred, or than a quarter of all places, are closed before they cost anything. All
 * strangers together have half of the places, and the oldest makes room: a program shows its key at once. Proxies that
 * the operator names bring many clients, and are not counted.
 *
 * @param idleMs how long a connection is kept after an answer to a stranger
 * @param room how many connections there may be
 */
export function limitStrangers(server: Server, { idleMs, room }: { idleMs: number; room: number }) {
  const mostOfAll = Math.ceil(room / 2);
  const most = Math.min(MAX_FROM_ONE_NETWORK, Math.ceil(mostOfAll / 2));
  const counts = new Map<string, number>();
  const strangers = new Map<Socket, string>();
  const forget = (socket: Socket) => {
    const network = strangers.get(socket);
    if (network === undefined || !strangers.delete(socket)) return;
    const left = (counts.get(network) ?? 1) - 1;
    if (left > 0) counts.set(network, left);
    else counts.delete(network);
  };
  const end = (socket: Socket) => {
    forget(socket);
    socket.destroy();
  };
  server.on("connection", (socket) => {
    const address = plainAddress(socket.remoteAddress ?? "");
    if (address !== undefined && isProxy(address)) return;
    const network = networkOf(address ?? "");
    const count = (counts.get(network) ?? 0) + 1;
    counts.set(network, count);
    strangers.set(socket, network);
    socket.once("close", () => forget(socket));
    // Who has their share takes nothing of others.
    if (count > most) return end(socket);
    const [oldest] = strangers.keys();
    if (oldest && strangers.size > mostOfAll) end(oldest);
  });
  return {
    /** A valid key came over this connection. */
    admit: forget,
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
