import type { Duplex } from "node:stream";
import { ByteReader, LineTooLong } from "./byte-reader";
import { probeFailure } from "./probe-failure";

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
