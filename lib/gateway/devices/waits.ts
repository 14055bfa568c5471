import { SECOND_MS } from "@/lib/kernel/clock";

/** How long the gateway waits, in milliseconds. */
export const WAITS = {
  /** For the account's server to sign it in. */
  signInMs: 30 * SECOND_MS,
  /** For a connection of the mailbox that is free. */
  placeMs: 20 * SECOND_MS,
  /** A session of SMTP that says nothing for so long gives its place to one that waits. */
  idleMs: 10 * SECOND_MS,
  /** A server that says nothing for so long is not in the middle of an answer, and its client not between two commands. */
  quietMs: 4 * SECOND_MS,
  /** Sessions that a gateway ends when it stops come back elsewhere, each with its login: within so long. */
  spreadMs: 2.5 * SECOND_MS,
} as const;
export type Waits = Readonly<Record<keyof typeof WAITS, number>>;
