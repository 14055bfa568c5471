import type { Duplex } from "node:stream";
import { probeFailure } from "./probe-failure";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const MAX_WAITING_BYTES = 64 * 1024;

/** The rest of the stream has no known boundary. */
export class LineTooLong extends Error {
  override readonly name = "LineTooLong";
}

/** Owns the socket until `release`. All readings are null once the other side has ended. */
export class ByteReader {
  readonly #socket: Duplex;
  #waiting: Buffer;
  #isOver = false;
  #wake: (() => void) | undefined;
  hasHeard = false;

  constructor(socket: Duplex, first: Buffer = Buffer.alloc(0)) {
    this.#socket = socket;
    this.#waiting = first;
    socket.on("data", this.#onData);
    socket.on("end", this.#onEnd);
    socket.on("close", this.#onEnd);
    socket.on("error", this.#onEnd);
    if (socket.destroyed || socket.readableEnded) this.#isOver = true;
  }

  get hasMore(): boolean {
    return this.#waiting.length > 0;
  }

  /** Without its line break. @throws LineTooLong */
  async line(maxBytes: number): Promise<Buffer | null> {
    for (;;) {
      const end = this.#waiting.indexOf(LINE_FEED);
      if (end >= maxBytes || (end < 0 && this.#waiting.length >= maxBytes)) throw new LineTooLong();
      if (end >= 0) {
        const line = this.#take(end + 1);
        return line.subarray(0, line[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
      }
      if (!(await this.#more())) return null;
    }
  }

  /** @returns false if the other side ended */
  async skipLine(): Promise<boolean> {
    for (;;) {
      const end = this.#waiting.indexOf(LINE_FEED);
      this.#take(end < 0 ? this.#waiting.length : end + 1);
      if (end >= 0) return true;
      if (!(await this.#more())) return false;
    }
  }

  async exactly(count: number): Promise<Buffer | null> {
    while (this.#waiting.length < count) if (!(await this.#more())) return null;
    return this.#take(count);
  }

  async some(): Promise<Buffer | null> {
    if (this.#waiting.length === 0 && !(await this.#more())) return null;
    return this.#take(this.#waiting.length);
  }

  unread(bytes: Buffer): void {
    this.#waiting = this.#waiting.length === 0 ? bytes : Buffer.concat([bytes, this.#waiting]);
  }

  release(): Buffer {
    this.#socket.pause();
    this.#socket.off("data", this.#onData);
    this.#socket.off("end", this.#onEnd);
    this.#socket.off("close", this.#onEnd);
    this.#socket.off("error", this.#onEnd);
    return this.#waiting;
  }

  #take(count: number): Buffer {
    const taken = this.#waiting.subarray(0, count);
    this.#waiting = this.#waiting.subarray(count);
    return taken;
  }

  async #more(): Promise<boolean> {
    if (this.#isOver) return false;
    const before = this.#waiting.length;
    this.#socket.resume();
    while (!this.#isOver && this.#waiting.length === before)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#waiting.length > before;
  }

  readonly #onData = (chunk: Buffer): void => {
    this.hasHeard = true;
    this.#waiting = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
    if (this.#waiting.length > MAX_WAITING_BYTES) this.#socket.pause();
    this.#wake?.();
  };

  readonly #onEnd = (): void => {
    this.#isOver = true;
    this.#wake?.();
  };
}

/** RFC 1939 §3, RFC 5321 §4.5.3.1.5: 512 octets */
const MAX_LINE_BYTES = 512;
/** In total: more is no conversation. */
const MAX_TOTAL_BYTES = 64 * 1024;

type LineReaderOptions = {
  maxLineBytes?: number;
  maxTotalBytes?: number;
  onLine?: (line: string) => void;
};

export class LineReader {
  readonly #socket: Duplex;
  readonly #bytes: ByteReader;
  readonly #options: Required<LineReaderOptions>;
  #total = 0;

  constructor(socket: Duplex, options: LineReaderOptions = {}) {
    this.#socket = socket;
    this.#bytes = new ByteReader(socket);
    const bounds = { maxLineBytes: MAX_LINE_BYTES, maxTotalBytes: MAX_TOTAL_BYTES };
    this.#options = { ...bounds, onLine: () => {}, ...options };
    socket.resume();
  }

  /** @throws ProbeFailure `mail.flood`, `mail.connection_lost`; the socket's own error */
  async line(): Promise<string> {
    const { maxLineBytes, maxTotalBytes, onLine } = this.#options;
    const bytes = await this.#bytes.line(maxLineBytes + 1).catch((error: unknown) => {
      throw error instanceof LineTooLong ? probeFailure("mail.flood") : error;
    });
    if (!bytes) throw this.#socket.errored ?? probeFailure("mail.connection_lost");
    this.#total += bytes.length + 2;
    if (this.#total > maxTotalBytes) throw probeFailure("mail.flood");
    const line = bytes.toString("utf8");
    onLine(line);
    return line;
  }

  release(): Buffer {
    return this.#bytes.release();
  }
}
