import type { Duplex } from "node:stream";

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
