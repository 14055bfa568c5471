import type { Socket } from "node:net";
import { connect, createSecureContext, createServer, type Server } from "node:tls";

// The floor: TLS from a device and TLS to the mail server, joined byte for byte, which looks at nothing. Its
// clients sign in at the mail server by themselves. Writes where it listens.

const { BENCH_CERTIFICATES = "[]", BENCH_KEYS = "[]", BENCH_CA: ca = "" } = process.env;
// Both ends are parts of this benchmark, built together.
const cert = JSON.parse(BENCH_CERTIFICATES) as string[];
const key = JSON.parse(BENCH_KEYS) as string[];
const targets = (process.env.BENCH_TARGETS ?? "").split(",").map(Number);
const secureContext = createSecureContext({ ca });

const ports = await Promise.all(targets.map(async (port) => portOf(await listen(port))));
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.stdin.resume().once("end", () => process.exit(0));

function listen(port: number): Promise<Server> {
  const server = createServer({ cert, key, noDelay: true }, (device) => {
    const upstream = connect({ port, host: "127.0.0.1", servername: "localhost", secureContext });
    upstream.setNoDelay(true);
    pump(device, upstream);
    pump(upstream, device);
  });
  server.on("tlsClientError", () => {});
  return new Promise((listening) => server.listen(0, "127.0.0.1", 4_096, () => listening(server)));
}

function pump(from: Socket, to: Socket): void {
  from.on("error", () => {});
  from.on("data", (chunk) => {
    if (!to.write(chunk)) from.pause();
  });
  to.on("drain", () => from.resume());
  from.on("end", () => to.end());
  from.on("close", () => to.destroySoon());
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}
