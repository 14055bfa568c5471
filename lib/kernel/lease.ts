import { SECOND_MS } from "./clock";

/**
 * The holder of a row and its end, by the database's clock (docs/decisions/003). Where a paused
 * holder could still write, a fence grows with each claim and results are saved under it alone.
 */
export type Lease = {
  ms: number;
  /** Two renewals may be missed. */
  renewEveryMs: number;
  until: string;
  /** SQL. @param until null: no holder */
  isHeld(until: string): string;
  isFree(until: string): string;
  /** SQL: when a lease ends that was taken at a time. */
  endOf(takenAt: string): string;
  beginOf(until: string): string;
  /** A paused process may have lost its row unknowingly: may exclusive work begin now? */
  isYoung(ageMs: number): boolean;
};

/** @param seconds longer than the work may take */
export function leaseFor(seconds: number): Lease {
  const length = `interval '${seconds} s'`;
  // An end beyond a full lease comes from a clock that ran ahead, and is void.
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

export const GIVEN_BACK = { leaseOwner: null, leaseUntil: null } as const;
export const GIVE_BACK = `"leaseOwner" = NULL, "leaseUntil" = NULL`;
