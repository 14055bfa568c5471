import { SECOND_MS } from "@/lib/kernel/clock";

export const WAITS = {
  signInMs: 30 * SECOND_MS,
  placeMs: 20 * SECOND_MS,
  /** A silent SMTP session gives its place to one that waits. */
  idleMs: 10 * SECOND_MS,
  /** After this, a server has finished its answer. */
  quietMs: 4 * SECOND_MS,
  /** Spreads the logins of sessions that move to other gateways. */
  spreadMs: 2.5 * SECOND_MS,
} as const;
export type Waits = Readonly<Record<keyof typeof WAITS, number>>;
