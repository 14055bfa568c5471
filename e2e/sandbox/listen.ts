import type { AddressInfo, Server, Socket } from "node:net";

export interface Listener {
  port: number;
  close(): Promise<void>;
}

const ADDRESSES = ["127.0.0.1", "::1"] as const;
const ATTEMPTS = 20;

/**
 * Listens on one port of both loopback addresses, because "localhost" may resolve to either.
 * A remembered port is tried first.
 */
export async function listenOnLoopback(
  makeServer: () => Server,
  remembered = 0,
): Promise<Listener> {
  const candidates = [remembered, ...new Array<number>(ATTEMPTS).fill(0)];
  for (const candidate of candidates) {
    const bound = await bindBoth(makeServer, candidate).catch(unlessTaken);
    if (bound) return bound;
  }
  throw new Error("No free port was found on the loopback addresses.");
}

async function bindBoth(makeServer: () => Server, wanted: number): Promise<Listener> {
  const bound: Listener[] = [];
  let port = wanted;
  try {
    for (const address of ADDRESSES) {
      const listener = await bind(makeServer(), address, port).catch(unlessMissing);
      if (!listener) continue;
      bound.push(listener);
      port = listener.port;
    }
  } catch (error) {
    await Promise.all(bound.map((listener) => listener.close()));
    throw error;
  }
  return { port, close: async () => void (await Promise.all(bound.map((each) => each.close()))) };
}

async function bind(server: Server, host: string, port: number): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port, // a TCP server's address is never a string
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function unlessTaken(error: unknown): undefined {
  if (codeOf(error) !== "EADDRINUSE") throw error;
  return undefined;
}

/** A machine without IPv6 is fine: its localhost is 127.0.0.1. */
function unlessMissing(error: unknown): undefined {
  const code = codeOf(error);
  if (code !== "EADDRNOTAVAIL" && code !== "EAFNOSUPPORT") throw error;
  return undefined;
}
