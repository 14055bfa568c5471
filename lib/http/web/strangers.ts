import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { isInNetworks, plainAddress } from "@/lib/kernel/networks";
import { type Newcomer, Newcomers } from "@/lib/kernel/newcomers";

/** Connections without a valid key get half of the places; named proxies are not counted. */
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
    admit,
    /** Requests already sent are still answered. */
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
