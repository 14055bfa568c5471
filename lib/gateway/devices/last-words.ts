import { elapsed } from "@/lib/kernel/clock";

const LINE_FEED = 0x0a;
/** The end of a line that announces a literal (RFC 9051 §4.3). */
const LITERAL = /\{(\d{1,10})\}\r?\n$/;
const LITERAL_END = 16;
/**
 * A response with data. One that tells a status, and what asks to go on, end in words for a person, which may look like
 * the announcement of a literal and have none (RFC 9051 §9, resp-text).
 */
const DATA = /^\* (?!(?:OK|NO|BAD|BYE|PREAUTH) )/i;
const DATA_START = "* PREAUTH ".length;
/** A command that compresses is alone in what it comes with, or among a few. */
const SHORT = 512;
const COMPRESS = /^\S+ COMPRESS DEFLATE\r?$/im;

/** How many bytes of a literal follow a line of a response that begins so; null where none is announced. */
export function literalBehind(line: string, start: string): number | null {
  const [, bytes] = (DATA.test(start) && LITERAL.exec(line)) || [];
  return bytes === undefined ? null : Number(bytes);
}

/**
 * What both sides of a joined session said last. It tells whether one of them is at work, and costs less than
 * following their commands.
 */
export class LastWords {
  readonly #quietMs: number;
  readonly #hasLiterals: boolean;
  #at = elapsed();
  #isServers = true;
  #endsLine = true;
  /** The end of a line that has not ended. */
  #lineEnd = "";
  /** Of a response that has not ended, its literals included. */
  #start = "";
  #literalBytes = 0;
  #isCompressed = false;

  /** @param quietMs as in WAITS */
  constructor(protocol: "imap" | "pop3", quietMs: number) {
    this.#quietMs = quietMs;
    this.#hasLiterals = protocol === "imap";
  }

  ofClient(bytes: Buffer): void {
    this.#at = elapsed();
    this.#isServers = false;
    if (bytes.length <= SHORT && COMPRESS.test(bytes.toString("latin1"))) this.#isCompressed = true;
  }

  ofServer(bytes: Buffer): void {
    this.#at = elapsed();
    this.#isServers = true;
    if (this.#hasLiterals && !this.#isCompressed) this.#followLines(bytes);
    else this.#endsLine = bytes.at(-1) === LINE_FEED;
  }

  /** What is in a literal is passed over: its lines are no ends of an answer, and another line would be a part. */
  #followLines(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const ofLiteral = Math.min(this.#literalBytes, bytes.length - at);
      this.#literalBytes -= ofLiteral;
      at += ofLiteral;
      if (at === bytes.length) return;
      const feed = bytes.indexOf(LINE_FEED, at);
      const end = feed < 0 ? bytes.length : feed + 1;
      const ofStart = Math.min(end, at + DATA_START - this.#start.length);
      this.#start += bytes.toString("latin1", at, ofStart);
      const tail = bytes.toString("latin1", Math.max(at, end - LITERAL_END), end);
      this.#hear(`${this.#lineEnd}${tail}`.slice(-LITERAL_END), { isWhole: feed >= 0 });
      at = end;
    }
  }

  /** The end of a line, or of as much of one as has come. */
  #hear(line: string, { isWhole }: { isWhole: boolean }): void {
    const literal = isWhole ? literalBehind(line, this.#start) : null;
    this.#literalBytes = literal ?? 0;
    this.#endsLine = isWhole && literal === null;
    this.#lineEnd = isWhole ? "" : line;
    if (this.#endsLine) this.#start = "";
  }

  /** Whether the server has answered all that it was asked, as far as can be told. */
  get areAnswers(): boolean {
    const isWhole = this.#endsLine || this.#isCompressed;
    return this.#isServers && isWhole && elapsed() - this.#at >= this.#quietMs;
  }

  /** Whether the client would understand another line (RFC 4978). */
  get areReadable(): boolean {
    return !this.#isCompressed;
  }
}
