import type { Duplex } from "node:stream";
import { type ProbeFailure, probeFailure } from "./probe-failure";

/** RFC 1939 §3: a POP3 reply has at most 512 octets; SMTP allows the same (RFC 5321 §4.5.3.1.5). */
const MAX_LINE_BYTES = 512;
/** Everything one server may say through a reader: more is no longer a conversation. */
const MAX_TOTAL_BYTES = 64 * 1024;

const LINE_FEED = 0x0a;

type LineReaderOptions = {
  maxLineBytes?: number;
  /** Called with each line that is read. */
  onLine?: (line: string) => void;
};

/**
 * Reads CRLF lines with a bound on each line and on the sum. It reads a socket exclusively until
 * `release` hands the socket on.
 */
export class LineReader {
  readonly #socket: Duplex;
  readonly #maxLineBytes: number;
  readonly #onLine: (line: string) => void;
  #buffered: Buffer = Buffer.alloc(0);
  #total = 0;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(
    socket: Duplex,
    { maxLineBytes = MAX_LINE_BYTES, onLine = () => {} }: LineReaderOptions = {},
  ) {
    this.#socket = socket;
    this.#maxLineBytes = maxLineBytes;
    this.#onLine = onLine;
    socket.on("data", this.#onData);
    socket.on("end", this.#onEnd);
    socket.on("close", this.#onEnd);
    socket.on("error", this.#onError);
    socket.resume();
  }

  /**
   * The next line without its line break.
   *
   * @throws ProbeFailure `mail.flood` or `mail.connection_lost`, or the socket's own error
   */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#buffered.indexOf(LINE_FEED);
      if (end > this.#maxLineBytes) throw flood();
      if (end >= 0) return this.#cut(end);
      if (this.#buffered.length > this.#maxLineBytes) throw flood();
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Pauses the socket and returns the bytes that came but belong to no line yet read. */
  release(): Buffer {
    this.#socket.pause();
    this.#socket.off("data", this.#onData);
    this.#socket.off("end", this.#onEnd);
    this.#socket.off("close", this.#onEnd);
    this.#socket.off("error", this.#onError);
    return this.#buffered;
  }

  #cut(end: number): string {
    const bytes = this.#buffered.toString("utf8", 0, end);
    this.#buffered = this.#buffered.subarray(end + 1);
    const line = bytes.endsWith("\r") ? bytes.slice(0, -1) : bytes;
    this.#onLine(line);
    return line;
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#total += chunk.length;
    if (this.#total > MAX_TOTAL_BYTES) this.#fail(flood());
    else
      this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    this.#wake?.();
  };

  readonly #onEnd = (): void => {
    this.#fail(probeFailure("mail.connection_lost"));
  };

  readonly #onError = (error: Error): void => this.#fail(error);

  #fail(error: Error): void {
    this.#failure ??= error;
    // No more is read from a server that has lost its say.
    this.#socket.pause();
    this.#wake?.();
  }
}

function flood(): ProbeFailure {
  return probeFailure("mail.flood");
}
