import { once } from "node:events";
import net, { type Socket } from "node:net";
import tls, { type TLSSocket } from "node:tls";
import type { TestCertificate } from "./test-certificate";

/** What a server does with a connection: anything at all. */
export type Talk = (socket: Socket) => void;

/** Ends the TCP connection with a reset; a TLS socket alone could only say goodbye. */
export const reset: Talk = (socket) => {
  const bare = BARE_SOCKETS.get(socket.remotePort ?? 0) ?? socket;
  bare.resetAndDestroy();
};

// TLS sockets do not tell which connection they run on; the client's port does.
const BARE_SOCKETS = new Map<number, Socket>();

export type ScriptedServer = {
  port: number;
  /** Everything that clients sent, before TLS where TLS is started later. */
  received(): string;
  openSockets(): number;
  /** Resolves when clients have left no connection open. */
  allClosed(): Promise<void>;
  close(): Promise<void>;
};

/** A server on 127.0.0.1 that misbehaves as told; with a certificate it speaks TLS first. */
export async function startScriptedServer(
  talk: Talk,
  certificate?: TestCertificate,
): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  const chunks: Buffer[] = [];
  const serve = (socket: Socket) => {
    socket.on("error", () => {}); // clients hang up on such servers
    socket.on("data", (chunk) => chunks.push(chunk));
    talk(socket);
  };
  const server = certificate
    ? tls.createServer({ cert: certificate.certPem, key: certificate.keyPem }, serve)
    : net.createServer(serve);
  server.on("connection", (socket: Socket) => {
    const clientPort = socket.remotePort ?? 0;
    sockets.add(socket);
    BARE_SOCKETS.set(clientPort, socket);
    socket.on("error", () => {});
    socket.once("close", () => {
      sockets.delete(socket);
      BARE_SOCKETS.delete(clientPort);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    received: () => Buffer.concat(chunks).toString(),
    openSockets: () => sockets.size,
    async allClosed() {
      for (const socket of sockets) if (!socket.closed) await once(socket, "close");
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
}

/** Answers to a line from the client; `{tag}` in an answer is the first word of the line. */
export type Rule = readonly [line: RegExp, answer: string | Talk];

/** A talk that greets and then answers line by line; a line that no rule knows gets silence. */
export function dialogue(greeting: string, rules: readonly Rule[]): Talk {
  return (socket) => {
    if (greeting !== "") socket.write(`${greeting}\r\n`);
    answerLines(socket, rules);
  };
}

export function answerLines(socket: Socket, rules: readonly Rule[]): void {
  let buffered = "";
  socket.on("data", (chunk) => {
    const lines = `${buffered}${chunk}`.split("\r\n");
    buffered = lines.pop() ?? "";
    for (const line of lines) answer(socket, line, rules);
  });
}

function answer(socket: Socket, line: string, rules: readonly Rule[]): void {
  const [, reply] = rules.find(([pattern]) => pattern.test(line)) ?? [];
  if (reply === undefined) return;
  if (typeof reply === "function") {
    reply(socket);
    return;
  }
  const [tag = ""] = line.split(" ");
  socket.write(`${reply.replaceAll("{tag}", tag)}\r\n`);
}

/** Starts TLS on the server's side of a connection; the rules then count inside it. */
export function upgrade(certificate: TestCertificate, rules: readonly Rule[]): Talk {
  return (socket) => {
    socket.removeAllListeners("data");
    const secured: TLSSocket = new tls.TLSSocket(socket, {
      isServer: true,
      cert: certificate.certPem,
      key: certificate.keyPem,
    });
    secured.on("error", () => {});
    answerLines(secured, rules);
  };
}

/** Writes one byte after the other, for as long as the client stays. */
export function drip(text: string, everyMs: number): Talk {
  return (socket) => {
    let position = 0;
    const timer = setInterval(() => {
      socket.write(text[position % text.length] ?? "");
      position += 1;
    }, everyMs);
    socket.once("close", () => clearInterval(timer));
  };
}

/** Writes the same again and again, as fast as the client takes it. */
export function flood(text: string): Talk {
  return (socket) => {
    const block = text.repeat(Math.ceil(65_536 / text.length));
    const more = () => {
      while (socket.writable && socket.write(block));
    };
    socket.on("drain", more);
    more();
  };
}
