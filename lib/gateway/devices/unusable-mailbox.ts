import { saysNotConnected } from "@/lib/mail/refusals";
import type { Client } from "./client";
import { recordUnusableMailbox } from "./message-refusals";
import type { Session } from "./sessions";

/** A client opens a mailbox with its first commands. */
const FIRST_BYTES = 8_192;

/**
 * Exchange lets a sign-in in whose mailbox does not open, and says so of each command that follows: the device's page
 * would show that all is well. The bytes go on untouched.
 */
export function watchFirstWords(client: Client, session: Session): (bytes: Buffer) => void {
  const isPop3 = client.protocol === "pop3";
  const linesOf = createLines({ hasLiterals: !isPop3 });
  let left = FIRST_BYTES;
  return (bytes) => {
    if (left <= 0) return;
    const said = linesOf(bytes.toString("latin1", 0, left));
    left -= bytes.length;
    const own = isPop3 ? untilMessage(said) : said;
    // Behind the first line of a list or a message no line is the server's for sure.
    if (own !== said) left = 0;
    const line = saysNotConnected(own);
    if (line === null) return;
    left = 0;
    recordUnusableMailbox(client, session, line);
  };
}

/** The end of a line that announces a literal (RFC 9051 §4.3). */
const LITERAL = /\{(\d{1,10})\}\r?\n$/;
/** A response with data. One that tells a status, and what asks to go on, end in words for a person (RFC 9051 §9). */
const DATA = /^\* (?!(?:OK|NO|BAD|BYE|PREAUTH) )/i;

/** How many bytes of a literal follow a line of a response that begins so; null where none is announced. */
function literalBehind(line: string, start: string): number | null {
  const [, bytes] = (DATA.test(start) && LITERAL.exec(line)) || [];
  return bytes === undefined ? null : Number(bytes);
}

/** Replies of one line (RFC 1939 §3), up to the first line that is none. */
export function untilMessage(said: string): string {
  const end = said.search(/^(?!\+OK|-ERR|$)/m);
  return end < 0 ? said : said.slice(0, end);
}

/** The lines of an answer that are whole, without what is in IMAP's literals (RFC 9051 §4.3): that is of messages. */
export function createLines({ hasLiterals = true } = {}): (text: string) => string {
  let rest = "";
  let ofLiteral = 0;
  /** The first line of a response that a literal has not ended. */
  let start: string | null = null;
  return (text) => {
    rest += text.slice(ofLiteral);
    ofLiteral = Math.max(0, ofLiteral - text.length);
    let lines = "";
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      const line = rest.slice(0, end + 1);
      lines += line;
      const literal = hasLiterals ? literalBehind(line, start ?? line) : null;
      start = literal === null ? null : (start ?? line);
      const length = literal ?? 0;
      const behind = rest.slice(end + 1);
      rest = behind.slice(length);
      ofLiteral = Math.max(0, length - behind.length);
    }
    return lines;
  };
}
