import { elapsed, SECOND_MS } from "@/lib/kernel/clock";

/**
 * A server that says nothing for so long is not in the middle of an answer. What the systems between hold of a long
 * one is not seen: IMAP's BYE comes behind it, but POP3 would lose the QUIT that deletes what was fetched.
 */
const QUIET_MS = { imap: SECOND_MS, pop3: 4 * SECOND_MS } as const;
const LINE_FEED = 0x0a;
/** A command that compresses is alone in what it comes with, or among a few. */
const SHORT = 512;

/**
 * What both sides of a joined session said last. It tells whether one of them is at work, and costs less than
 * following their commands.
 */
export class LastWords {
  readonly #quietMs: number;
  #at = elapsed();
  #isServers = true;
  #endsLine = true;
  #isCompressed = false;

  constructor(protocol: keyof typeof QUIET_MS) {
    this.#quietMs = QUIET_MS[protocol];
  }

  ofClient(bytes: Buffer): void {
    this.#at = elapsed();
    this.#isServers = false;
    if (bytes.length <= SHORT && /\bCOMPRESS\b/i.test(bytes.toString("latin1")))
      this.#isCompressed = true;
  }

  ofServer(bytes: Buffer): void {
    this.#at = elapsed();
    this.#isServers = true;
    this.#endsLine = bytes.at(-1) === LINE_FEED;
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
