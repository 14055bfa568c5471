import type { BlockList, Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import type { Protocol } from "@/lib/egress/protocols/schema";

import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { isInNetworks } from "@/lib/kernel/networks";
import { ByteReader, LineTooLong } from "@/lib/mail/byte-reader";
import { STOPPING } from "./refusals";

const LOGIN_MS = 60 * SECOND_MS;
const SILENT_MS = 30 * SECOND_MS;
const KEEP_ALIVE_MS = 60 * SECOND_MS;
const MAX_FAILURES = 3;
const MAX_ERRORS = 5;
const MAX_COMMANDS = 50;
const CLIENT_NAME_MAX = 120;

/** Data behind STARTTLS was injected (RFC 3207 §4.2). */
export class Injection extends Error {
  override readonly name = "Injection";
}

/** A port check, such as a health check. */
export class NothingSaid extends Error {
  override readonly name = "NothingSaid";
  readonly afterMs: number;

  constructor(afterMs: number) {
    super();
    this.afterMs = afterMs;
  }
}

export class Client {
  readonly protocol: Protocol;
  readonly address: string;
  says: string | null = null;
  tlsVersion: string | null = null;
  isLoggingIn = false;
  isPutOut = false;
  #socket: Socket;
  #reader: ByteReader | undefined;
  readonly #plaintextFrom: BlockList;
  readonly #deadline: ReturnType<typeof setTimeout>;
  #failures = 0;
  #errors = 0;
  #commands = 0;
  /** Text written now would travel in clear and break TLS. */
  #isSecuring = false;

  constructor(
    socket: Socket,
    of: { protocol: Protocol; plaintextFrom: BlockList; address: string },
  ) {
    this.#socket = socket;
    this.protocol = of.protocol;
    this.#plaintextFrom = of.plaintextFrom;
    this.address = of.address;
    socket.on("error", () => {}); // its end is all that matters
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setTimeout(SILENT_MS, () => socket.destroy());
    this.#deadline = setTimeout(() => this.#socket.destroy(), LOGIN_MS);
  }

  get socket(): Socket {
    return this.#socket;
  }

  get reader(): ByteReader {
    this.#reader ??= new ByteReader(this.#socket);
    return this.#reader;
  }

  get isSilentOverTls(): boolean {
    return this.tlsVersion !== null && !this.reader.hasHeard;
  }

  get isPrivate(): boolean {
    return this.tlsVersion !== null || isInNetworks(this.#plaintextFrom, this.address);
  }

  send(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  putOut(): void {
    this.isPutOut = true;
    this.#socket.destroy();
  }

  sayBye(): void {
    if (this.#socket.writableEnded) return;
    if (!this.#isSecuring) this.#socket.write(STOPPING[this.protocol]);
    this.close();
  }

  /** @returns `*`, which cancels, when the client is gone */
  async asksMore(prompt: string, maxBytes: number): Promise<string> {
    this.send(prompt);
    return (await this.reader.line(maxBytes))?.toString("latin1") ?? "*";
  }

  introduce(text: string): void {
    const shown = text.replace(/[^\x20-\x7e]+/g, " ").trim();
    if (shown !== "") this.says = shown.slice(0, CLIENT_NAME_MAX);
  }

  /** @throws Injection, NothingSaid; a system error when the handshake fails */
  async secure(context: SecureContext): Promise<void> {
    this.#isSecuring = true;
    if (this.#reader?.hasMore) throw new Injection();
    this.#reader?.release();
    this.#reader = undefined;
    // A half-closed connection would wait forever.
    const since = elapsed();
    if (!(await hasSpoken(this.#socket))) throw new NothingSaid(elapsed() - since);
    this.#socket.setTimeout(0);
    const secured = new TLSSocket(this.#socket, { isServer: true, secureContext: context });
    secured.on("error", () => {});
    secured.setTimeout(15 * SECOND_MS, () => secured.destroy());
    this.#socket = secured;
    await handshake(secured);
    this.#isSecuring = false;
    this.tlsVersion = secured.getProtocol();
    secured.setTimeout(SILENT_MS);
  }

  mayFailAgain(): boolean {
    this.#failures += 1;
    return this.#failures < MAX_FAILURES;
  }

  mayErrAgain(): boolean {
    this.#errors += 1;
    return this.#errors < MAX_ERRORS;
  }

  mayCommand(): boolean {
    this.#commands += 1;
    return this.#commands <= MAX_COMMANDS;
  }

  loggedIn(): void {
    this.isLoggingIn = false;
    clearTimeout(this.#deadline);
    this.#socket.setTimeout(0);
  }

  /** Silence during its login is not its fault. */
  waits(): void {
    this.isLoggingIn = true;
    this.#socket.setTimeout(0);
  }

  asks(): void {
    this.isLoggingIn = false;
    this.#socket.setTimeout(SILENT_MS);
  }

  close(): void {
    clearTimeout(this.#deadline);
    if (this.#socket.destroyed) return;
    this.#socket.setTimeout(SECOND_MS, () => this.#socket.destroy());
    this.#socket.destroySoon();
  }
}

export type Next = "end" | "go on";

type Conversation<C> = {
  read: () => Promise<C | null>;
  answer: (command: C) => Promise<Next>;
  tooMany: string;
  tooLong: string;
};

/** Until its login has ended, or it goes too far. */
export async function converse<C>(client: Client, of: Conversation<C>): Promise<void> {
  const { read, answer, tooMany, tooLong } = of;
  try {
    for (;;) {
      const command = await read();
      if (!command || (await answer(command)) === "end") return;
      if (!client.mayCommand()) return client.send(tooMany);
    }
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    client.send(tooLong);
  }
}

/** Peeks at the first byte. @returns false if it ended before */
function hasSpoken(socket: Socket): Promise<boolean> {
  if (socket.readableLength > 0 || socket.destroyed) return Promise.resolve(!socket.destroyed);
  return new Promise((done) => {
    const events = ["readable", "end", "close"] as const;
    const settle = () => {
      for (const event of events) socket.off(event, settle);
      done(socket.readableLength > 0);
    };
    for (const event of events) socket.on(event, settle);
  });
}

/** The abort signals of `once` create an error with a stack per login. */
function handshake(secured: TLSSocket): Promise<void> {
  return new Promise((done, failed) => {
    // A half-closed client finishes no handshake.
    const onReadable = () => secured.readableLength === 0 && secured.read();
    const onEnd = () => secured.destroy();
    const settle = () =>
      secured
        .off("secure", onSecure)
        .off("close", onClose)
        .off("readable", onReadable)
        .off("end", onEnd);
    const onSecure = () => {
      settle();
      done();
    };
    const onClose = () => {
      settle();
      failed(secured.errored ?? new Error("The connection ended during the handshake."));
    };
    secured.once("secure", onSecure).once("close", onClose);
    secured.on("readable", onReadable).once("end", onEnd);
  });
}

/** RFC 8446 §5.1: handshake record */
const TLS_BEGINS = Buffer.from([0x16, 0x03]);

/** No command begins so; the client waits for TLS. */
export function whenTls(client: Client, tell: () => void): void {
  client.socket.once("data", (chunk: Buffer) => {
    if (!chunk.subarray(0, TLS_BEGINS.length).equals(TLS_BEGINS)) return;
    tell();
    client.close();
  });
}
