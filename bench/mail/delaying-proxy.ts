import { once } from "node:events";
import net, { type Socket } from "node:net";

export type DelayingProxy = {
  port: number;
  /** Round trips of the newest connection: opening it, and each answer to something that was said. */
  roundTrips(): number;
  close(): Promise<void>;
};

/** Carries TCP to a port of this machine as if it were `roundTripMs` away. */
export async function startDelayingProxy(
  target: number,
  roundTripMs: number,
): Promise<DelayingProxy> {
  const sockets = new Set<Socket>();
  let roundTrips = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  };
  const link = (client: Socket) => {
    const upstream = net.connect({ port: target, host: "127.0.0.1", noDelay: true });
    keep(upstream);
    let isAnswerAwaited = false;
    roundTrips = 1;
    const delayMs = roundTripMs / 2;
    carry(client, upstream, {
      delayMs,
      onData: () => {
        isAnswerAwaited = true;
      },
    });
    carry(upstream, client, {
      delayMs,
      onData: () => {
        if (isAnswerAwaited) roundTrips += 1;
        isAnswerAwaited = false;
      },
    });
    client.resume();
  };
  const server = net.createServer({ noDelay: true, pauseOnConnect: true }, (client) => {
    keep(client);
    // The handshake with this proxy takes no time; that with a distant server takes a round trip.
    setTimeout(link, roundTripMs, client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    roundTrips: () => roundTrips,
    async close() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
}

type Carriage = { delayMs: number; onData: () => void };

function carry(from: Socket, to: Socket, { delayMs, onData }: Carriage): void {
  from.on("data", (chunk) => {
    onData();
    setTimeout(() => to.writable && to.write(chunk), delayMs);
  });
  from.on("end", () => setTimeout(() => to.end(), delayMs));
  from.on("close", () => setTimeout(() => to.destroy(), delayMs));
}
