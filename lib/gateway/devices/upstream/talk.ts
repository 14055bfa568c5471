import type { Socket } from "node:net";
import { LineReader } from "@/lib/mail/byte-reader";

const MAX_LINE = 64 * 1024;
const MAX_TOTAL = 1024 * 1024;

export type LoggedIn = { replies: string[]; offers?: ReadonlySet<string> };

export class Talk {
  readonly socket: Socket;
  readonly #reader: LineReader;
  greeting = "";

  constructor(socket: Socket) {
    this.socket = socket;
    this.#reader = new LineReader(socket, { maxLineBytes: MAX_LINE, maxTotalBytes: MAX_TOTAL });
  }

  send(line: string): void {
    this.socket.write(`${line}\r\n`);
  }

  line(): Promise<string> {
    return this.#reader.line();
  }

  async ask(line: string): Promise<string> {
    this.send(line);
    return this.line();
  }

  release(): Buffer {
    return this.#reader.release();
  }
}

/** Lines of a reply before its verdict. */
export const MAX_REPLIES = 200;
