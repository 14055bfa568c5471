import { saysNotConnected } from "@/lib/mail/refusals";
import type { Client } from "./client";
import { recordUnusableMailbox } from "./message-refusals";
import type { Session } from "./sessions";

/** Clients open a mailbox with their first commands. */
const FIRST_BYTES = 8_192;

/** Exchange accepts a sign-in whose mailbox does not open; bytes pass unchanged. */
export function watchFirstWords(client: Client, session: Session): (bytes: Buffer) => void {
  const isPop3 = client.protocol === "pop3";
  const linesOf = createLines({ hasLiterals: !isPop3 });
  let left = FIRST_BYTES;
  return (bytes) => {
    if (left <= 0) return;
    const said = linesOf(bytes.toString("latin1", 0, left));
    left -= bytes.length;
    const own = isPop3 ? untilMessage(said) : said;
    // After the first line of a list or message, lines may not be the server's.
    if (own !== said) left = 0;
    const line = saysNotConnected(own);
    if (line === null) return;
    left = 0;
    recordUnusableMailbox(client, session, line);
  };
}

const LITERAL = /\{(\d{1,10})\}\r?\n$/;
/** RFC 9051 §9: status responses and continuations end in words for people. */
const DATA = /^\* (?!(?:OK|NO|BAD|BYE|PREAUTH) )/i;

function literalBehind(line: string, start: string): number | null {
  const [, bytes] = (DATA.test(start) && LITERAL.exec(line)) || [];
  return bytes === undefined ? null : Number(bytes);
}

/** RFC 1939 §3 */
export function untilMessage(said: string): string {
  const end = said.search(/^(?!\+OK|-ERR|$)/m);
  return end < 0 ? said : said.slice(0, end);
}

/** Whole lines, without IMAP literals (RFC 9051 §4.3), which are messages. */
export function createLines({ hasLiterals = true } = {}): (text: string) => string {
  let rest = "";
  let ofLiteral = 0;
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
