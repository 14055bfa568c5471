import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";

/** The client sent more than the protocol allows. */
export class TooLongError extends Error {}

/** The client is gone, or was silent for too long. */
export class ClosedError extends Error {}

const IDLE_MS = 30 * 60_000;

/**
 * A client's connection as lines of bytes (latin1, so nothing is lost). One reader at a time: the
 * mail protocols are conversations.
 */
export class Connection {
  #socket: Socket;
  #chunks: Buffer = Buffer.alloc(0);
  #wake: (() => void) | undefined;
  #isClosed = false;
  /** Before every reply, for the fault that makes a server slow. */
  delayMs = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  get isSecure(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The next line without its CRLF. */
  async readLine(limit: number): Promise<string> {
    for (;;) {
      const end = this.#chunks.indexOf(0x0a);
      if (end > limit || (end < 0 && this.#chunks.length > limit))
        throw new TooLongError("The line is too long.");
      if (end >= 0) {
        const line = this.#take(end + 1).toString("latin1");
        return line.replace(/\r?\n$/, "");
      }
      await this.#more();
    }
  }

  /** Exactly so many bytes, as an IMAP literal announces them. */
  async readBytes(length: number): Promise<Buffer> {
    while (this.#chunks.length < length) await this.#more();
    return this.#take(length);
  }

  /** Writes a reply, each string as a line. */
  async reply(...lines: string[]): Promise<void> {
    await this.write(Buffer.from(lines.map((line) => `${line}\r\n`).join(""), "latin1"));
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.delayMs > 0) await pause(this.delayMs);
    if (this.#isClosed) throw new ClosedError("The client is gone.");
    if (!this.#socket.write(bytes)) await this.#either("drain");
  }

  /**
   * Becomes a TLS connection. Clear text that arrived after the client's STARTTLS is dropped: someone else
   * may have injected it (CVE-2011-0411).
   */
  async startTls(secureContext: SecureContext): Promise<void> {
    const plain = this.#socket;
    plain.removeAllListeners("data");
    this.#chunks = Buffer.alloc(0);
    const secure = new TLSSocket(plain, { isServer: true, secureContext });
    this.#socket = secure;
    this.#listen();
    await this.#either("secure");
    if (this.#isClosed) throw new ClosedError("The TLS handshake failed.");
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  #listen(): void {
    const socket = this.#socket;
    const close = () => {
      if (socket !== this.#socket) return;
      this.#isClosed = true;
      this.#wake?.();
    };
    socket.setNoDelay(true);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      this.#chunks = Buffer.concat([this.#chunks, chunk]);
      this.#wake?.();
    });
    socket.on("error", close);
    socket.on("end", close);
    socket.on("close", close);
  }

  async #more(): Promise<void> {
    if (this.#isClosed) throw new ClosedError("The client is gone.");
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }

  /** Waits for the event, or for the end of the connection. */
  #either(event: "drain" | "secure"): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve) => {
      const done = () => {
        socket.off(event, done).off("close", done);
        resolve();
      };
      socket.on(event, done).on("close", done);
    });
  }

  #take(length: number): Buffer {
    const taken = this.#chunks.subarray(0, length);
    this.#chunks = this.#chunks.subarray(length);
    return taken;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
