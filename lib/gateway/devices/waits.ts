import { SECOND_MS } from "@/lib/kernel/clock";

/** How long the gateway waits, in milliseconds. */
export const WAITS = {
  /** For the account's server to sign it in. */
  signInMs: 30 * SECOND_MS,
  /** For a connection of the mailbox that is free. */
  placeMs: 20 * SECOND_MS,
  /** A session of SMTP that says nothing for so long gives its place to one that waits. */
  idleMs: 10 * SECOND_MS,
} as const;
export type Waits = Readonly<Record<keyof typeof WAITS, number>>;
