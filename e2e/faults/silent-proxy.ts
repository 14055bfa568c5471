import { createServer, type Socket, connect as tcpConnect } from "node:net";

type Pair = { client: Socket; server: Socket; isSilent: boolean; isUnanswered: boolean };

export type SilentProxy = {
  /** The address with the proxy in between. */
  url: string;
  /** From now on the connections that there are say nothing any more, in either direction. */
  silence(): number;
  /** From now on what the server says disappears; what it is told still arrives. New ones work here, too. */
  swallowAnswers(): void;
  /** Ends the silenced ones on both sides, as the sides themselves would in a while. */
  bury(): void;
  close(): Promise<void>;
};

/**
 * Stands between a process and a server. A connection that it silences is as one that a firewall forgot:
 * what is sent disappears, and neither side is told of the other's end. New ones work.
 */
export async function startSilentProxy(url: string): Promise<SilentProxy> {
  const target = new URL(url);
  const pairs = new Set<Pair>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = tcpConnect({
      host: target.hostname,
      port: Number(target.port || 5432),
      allowHalfOpen: true,
    });
    const pair = { client, server: upstream, isSilent: false, isUnanswered: false };
    pairs.add(pair);
    forward(pair, client, upstream);
    forward(pair, upstream, client);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("There is no port.");
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = `${address.port}`;
  return {
    url: through.href,
    silence() {
      const silenced = [...pairs].filter(({ isSilent }) => !isSilent);
      for (const pair of silenced) pair.isSilent = true;
      return silenced.length;
    },
    swallowAnswers() {
      for (const pair of pairs) pair.isUnanswered = true;
    },
    bury() {
      for (const pair of pairs) if (pair.isSilent) end(pair);
    },
    async close() {
      for (const pair of pairs) end(pair);
      await new Promise((closed) => server.close(closed));
    },
  };

  function end(pair: Pair): void {
    pair.client.destroy();
    pair.server.destroy();
    pairs.delete(pair);
  }

  function forward(pair: Pair, from: Socket, to: Socket): void {
    // Read and dropped: the sender's system is told that it arrived, as by a middlebox that answers for it.
    from.on("data", (bytes) => {
      const isSwallowed = pair.isUnanswered && from === pair.server;
      if (!pair.isSilent && !isSwallowed) to.write(bytes);
    });
    from.on("end", () => {
      if (!pair.isSilent) to.end();
    });
    from.on("error", () => {});
    from.on("close", () => {
      if (pair.isSilent) return;
      to.destroy();
      pairs.delete(pair);
    });
  }
}
