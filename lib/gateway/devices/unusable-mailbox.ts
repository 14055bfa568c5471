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
  let left = FIRST_BYTES;
  return (bytes) => {
    if (left <= 0) return;
    const line = saysNotConnected(bytes.toString("latin1", 0, left));
    left -= bytes.length;
    if (line === null) return;
    left = 0;
    recordUnusableMailbox(client, session, line);
  };
}
