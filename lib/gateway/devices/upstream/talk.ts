import type { Socket } from "node:net";
import type { MailCredential } from "@/lib/mail/credential";
import { LineReader } from "@/lib/mail/line-reader";

const MAX_LINE = 64 * 1024;
const MAX_TOTAL = 1024 * 1024;

/** What a server said to the login, and what it offers. */
export type LoggedIn = { replies: string[]; offers?: ReadonlySet<string> };

/** The client's side of a protocol, up to the login. */
export type Dialect = {
  /** @throws ServerRefusal, ProbeFailure */
  greet(talk: Talk): Promise<void>;
  /** Asks for TLS and reads the consent. @throws as greet */
  startTls(talk: Talk): Promise<void>;
  /** @throws as greet */
  logIn(talk: Talk, credential: MailCredential): Promise<LoggedIn>;
};

/** A conversation by lines with an account's server. */
export class Talk {
  readonly socket: Socket;
  readonly #reader: LineReader;
  /** What the greeting said, where the protocol has use for it. */
  greeting = "";

  constructor(socket: Socket) {
    this.socket = socket;
    this.#reader = new LineReader(socket, { maxLineBytes: MAX_LINE, maxTotalBytes: MAX_TOTAL });
  }

  send(line: string): void {
    this.socket.write(`${line}\r\n`);
  }

  /** @throws ProbeFailure when the server ends, or says too much */
  line(): Promise<string> {
    return this.#reader.line();
  }

  async ask(line: string): Promise<string> {
    this.send(line);
    return this.line();
  }

  /** What came and was not read. */
  release(): Buffer {
    return this.#reader.release();
  }
}

/** A server's lines before its verdict have an end. */
export const MAX_REPLIES = 200;
