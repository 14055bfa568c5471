import { once } from "node:events";
import { connect as connectPlain } from "node:net";
import { createInterface } from "node:readline";
import { connect, type TLSSocket } from "node:tls";

/** A mail protocol by hand: lines out, lines in. */
export interface Wire {
  send(line: string): void;
  /** The next line; undefined once the server has hung up. */
  line(): Promise<string | undefined>;
  /** Sends a line and reads the next one. */
  ask(line: string): Promise<string | undefined>;
  /** Reads lines up to and including the first that matches. */
  until(pattern: RegExp): Promise<string[]>;
  close(): void;
}

/** Opens an implicit TLS connection to a mail server of the sandbox. */
export async function openWire(port: number, ca: string): Promise<Wire> {
  const socket = connect({ host: "127.0.0.1", port, ca, servername: "localhost" });
  socket.setTimeout(5000, () => socket.destroy(new Error("timed out")));
  await once(socket, "secureConnect");
  return wireOver(socket);
}

/** What a server says to a connection without TLS, up to the first line. */
export async function plainGreeting(port: number): Promise<string> {
  const socket = connectPlain({ host: "127.0.0.1", port });
  const [chunk] = await once(socket, "data");
  socket.destroy();
  return String(chunk).trimEnd();
}

/** The XOAUTH2 response that a mail client sends. */
export function xoauth2(user: string, token: string): string {
  return Buffer.from(`user=${user}\u0001auth=Bearer ${token}\u0001\u0001`).toString("base64");
}

function wireOver(socket: TLSSocket): Wire {
  socket.on("error", () => undefined);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const wire: Wire = {
    send: (line) => void socket.write(`${line}\r\n`),
    async line() {
      const next = await lines.next();
      return next.done ? undefined : next.value;
    },
    ask(line) {
      wire.send(line);
      return wire.line();
    },
    async until(pattern) {
      const read: string[] = [];
      for (;;) {
        const line = await wire.line();
        if (line === undefined) return read;
        read.push(line);
        if (pattern.test(line)) return read;
      }
    },
    close: () => void socket.destroy(),
  };
  return wire;
}
