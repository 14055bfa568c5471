import type { Duplex } from "node:stream";
import { ByteReader, LineTooLong } from "./byte-reader";
import { probeFailure } from "./probe-failure";

/** RFC 1939 §3: a POP3 reply has at most 512 octets; SMTP allows the same (RFC 5321 §4.5.3.1.5). */
const MAX_LINE_BYTES = 512;
/** Everything one server may say through a reader: more is no longer a conversation. */
const MAX_TOTAL_BYTES = 64 * 1024;

type LineReaderOptions = {
  maxLineBytes?: number;
  maxTotalBytes?: number;
  /** Called with each line that is read. */
  onLine?: (line: string) => void;
};

/** Reads a server's lines, with a bound on each and on the sum. */
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

  /**
   * The next line without its line break.
   * @throws ProbeFailure `mail.flood` or `mail.connection_lost`, or the socket's own error
   */
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

  /** Pauses the socket and returns the bytes that came but belong to no line yet read. */
  release(): Buffer {
    return this.#bytes.release();
  }
}
