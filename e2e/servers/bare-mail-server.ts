import { createServer, type Server, type TLSSocket } from "node:tls";
import type { MailEndpoint } from "@/lib/egress/schema";

/** What Exchange Online allows one mailbox; more is refused and counted. */
export type BareLimits = { connections: number; messages: number; spanMs: number };

export type BareMail = {
  imap: MailEndpoint;
  smtp: MailEndpoint;
  /** Subjects of the messages that were accepted. */
  delivered: string[];
  /** Replies by which a client was too fast or too many. */
  refusals: string[];
  close(): void;
};

type Pem = { cert: string; key: string };
type Line = (line: string) => void;

/**
 * IMAP and SMTP for everyone who logs in, at the speed of node:tls: what a mail server costs is not measured
 * beside the gateway, and what one mailbox may do is counted exactly.
 */
export async function startBareMail(
  pem: Pem,
  limits: BareLimits = { connections: Infinity, messages: Infinity, spanMs: 0 },
): Promise<BareMail> {
  const delivered: string[] = [];
  const refusals: string[] = [];
  const counts = {
    limits,
    connections: new Map<string, number>(),
    sent: new Map<string, number[]>(),
  };
  const imap = await listen(pem, serveImap);
  const smtp = await listen(pem, (socket) => serveSmtp(socket, { delivered, refusals, ...counts }));
  const close = () => {
    for (const server of [imap, smtp]) server.close();
  };
  return { imap: endpointOf(imap), smtp: endpointOf(smtp), delivered, refusals, close };
}

async function listen(pem: Pem, serve: (socket: TLSSocket) => void): Promise<Server> {
  const server = createServer({ ...pem, noDelay: true }, (socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => {});
    serve(socket);
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", 4_096, listening));
  return server;
}

function endpointOf(server: Server): MailEndpoint {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { host: "localhost", port, tls: "implicit" };
}

/** `x GIVE 1000` is answered with so many bytes; everything else succeeds at once. */
function serveImap(socket: TLSSocket): void {
  socket.write("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready\r\n");
  onLines(socket, (line) => {
    const [tag = "*", name = "", count = "0"] = line.split(" ");
    if (name === "GIVE") socket.write(Buffer.alloc(Number(count), "x"));
    socket.write(`${tag} OK done\r\n`);
    if (name === "LOGOUT") socket.end();
  });
}

type Submission = Pick<BareMail, "delivered" | "refusals"> & {
  limits: BareLimits;
  connections: Map<string, number>;
  sent: Map<string, number[]>;
};

function serveSmtp(socket: TLSSocket, submission: Submission): void {
  const conversation = new SmtpConversation(socket, submission);
  socket.write("220 bare ESMTP\r\n");
  onLines(socket, (line) => conversation.take(line));
  // Before the answer: who sees this side's end must find the connection counted as gone.
  socket.prependOnceListener("end", () => conversation.end());
  socket.once("close", () => conversation.end());
}

class SmtpConversation {
  readonly #socket: TLSSocket;
  readonly #of: Submission;
  #user = "";
  /** Of the message that comes. */
  #subject: string | undefined;

  constructor(socket: TLSSocket, of: Submission) {
    this.#socket = socket;
    this.#of = of;
  }

  take(line: string): void {
    const [verb = "", , response] = line.split(" ");
    const run = this.#commands[verb];
    if (this.#subject !== undefined) this.#message(line, this.#subject);
    else if (run) run(response);
    else if (this.#user === "") this.#logIn(line);
    else this.#say("250 2.0.0 OK");
  }

  end(): void {
    const { connections } = this.#of;
    connections.set(this.#user, (connections.get(this.#user) ?? 1) - 1);
    this.#user = "";
  }

  readonly #commands: Readonly<Record<string, (response?: string) => void>> = {
    EHLO: () => this.#say("250-bare\r\n250-SIZE\r\n250-PIPELINING\r\n250 AUTH XOAUTH2"),
    AUTH: (response) => (response === undefined ? this.#say("334 ") : this.#logIn(response)),
    MAIL: () => this.#mail(),
    DATA: () => {
      this.#subject = "";
      this.#say("354 go on");
    },
    QUIT: () => {
      this.end();
      this.#socket.end("221 2.0.0 bye\r\n");
    },
  };

  #logIn(response: string): void {
    const { connections, limits } = this.#of;
    const [name = ""] = Buffer.from(response, "base64").toString().split("\u0001");
    const user = name.slice("user=".length);
    this.#user = user;
    const open = (connections.get(user) ?? 0) + 1;
    connections.set(user, open);
    if (open > limits.connections) this.#refuse("432 4.3.2 Concurrent connections limit exceeded.");
    else this.#say("235 2.7.0 Authentication successful");
  }

  #mail(): void {
    const { sent, limits } = this.#of;
    const now = performance.now();
    const recent = (sent.get(this.#user) ?? []).filter((at) => at > now - limits.spanMs);
    sent.set(this.#user, [...recent, now]);
    if (recent.length >= limits.messages) this.#refuse("432 4.3.2 Message rate limit exceeded.");
    else this.#say("250 2.1.0 OK");
  }

  #message(line: string, subject: string): void {
    if (line.startsWith("Subject: ")) this.#subject = line.slice("Subject: ".length);
    if (line !== ".") return;
    this.#of.delivered.push(subject);
    this.#subject = undefined;
    this.#say("250 2.0.0 OK");
  }

  #refuse(reply: string): void {
    this.#of.refusals.push(reply);
    this.#say(reply);
  }

  #say(reply: string): void {
    this.#socket.write(`${reply}\r\n`);
  }
}

function onLines(socket: TLSSocket, onLine: Line): void {
  let rest = "";
  socket.on("data", (chunk) => {
    const lines = (rest + chunk.toString("latin1")).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
}
