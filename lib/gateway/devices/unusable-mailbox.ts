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
  const linesOf = createLines();
  let left = FIRST_BYTES;
  return (bytes) => {
    if (left <= 0) return;
    const said = linesOf(bytes.toString("latin1", 0, left));
    left -= bytes.length;
    const line = saysNotConnected(said);
    if (line === null) return;
    left = 0;
    recordUnusableMailbox(client, session, line);
  };
}

/** The lines of an answer that are whole, without what is in literals (RFC 9051 §4.3): that is of messages. */
export function createLines(): (text: string) => string {
  let rest = "";
  let ofLiteral = 0;
  return (text) => {
    rest += text.slice(ofLiteral);
    ofLiteral = Math.max(0, ofLiteral - text.length);
    let lines = "";
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      const line = rest.slice(0, end + 1);
      lines += line;
      const length = Number(/\{(\d{1,10})\}\r?\n$/.exec(line)?.[1] ?? 0);
      const behind = rest.slice(end + 1);
      rest = behind.slice(length);
      ofLiteral = Math.max(0, length - behind.length);
    }
    return lines;
  };
}
