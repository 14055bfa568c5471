import { SECOND_MS } from "./clock";

/**
 * A lease: who works on a row, and until when. The database's clock decides (docs/decisions/003), so a
 * machine with a wrong clock takes nothing that is held; no transaction is open while the work is done,
 * and a process that dies frees its rows when their leases end. Where a holder that was paused could
 * still write, the row has a fence: it grows with each claim, and results are saved under it alone.
 *
 * Statements are made of these pieces; how long each lease is stands in `leases.ts`.
 */
export type Lease = {
  /** How long it lasts, in milliseconds. */
  ms: number;
  /** How often a holder that works on keeps it: two times may be missed, and the third still comes before its end. */
  renewEveryMs: number;
  /** SQL: when a lease ends that is taken, or kept, now. */
  until: string;
  /** SQL: whether the row has a holder. @param until its column; null where it has none */
  isHeld(until: string): string;
  isFree(until: string): string;
  /** SQL: when the lease ends that was taken at a time, and when the one was taken that ends at a time. */
  endOf(takenAt: string): string;
  beginOf(until: string): string;
  /**
   * Whether a holder that asked for it so long ago may begin what no other may do at the same time: a process that
   * was paused may have lost its row without knowing. It ends before the other half of the lease does.
   */
  isYoung(ageMs: number): boolean;
};

/** @param seconds longer than the work may take: a holder that works longer may lose the row */
export function leaseFor(seconds: number): Lease {
  const length = `interval '${seconds} s'`;
  // What lies further ahead than a lease may last was written by a clock that ran ahead, and is void.
  const isHeld = (until: string) => `postkey_holds(${until}, ${length})`;
  return {
    ms: seconds * SECOND_MS,
    renewEveryMs: (seconds * SECOND_MS * 3) / 10,
    until: `now() + ${length}`,
    isHeld,
    isFree: (until) => `NOT ${isHeld(until)}`,
    endOf: (takenAt) => `(${takenAt} + ${length})`,
    beginOf: (until) => `(${until} - ${length})`,
    isYoung: (ageMs) => ageMs < (seconds * SECOND_MS) / 2,
  };
}

/** Releases the row: for Prisma, and as SQL. */
export const GIVEN_BACK = { leaseOwner: null, leaseUntil: null } as const;
export const GIVE_BACK = `"leaseOwner" = NULL, "leaseUntil" = NULL`;
