import { SECOND_MS } from "./clock";

/**
 * The holder of a row and its end, by the database's clock (docs/decisions/003). Where a paused
 * holder could still write, a fence grows with each claim and results are saved under it alone.
 * @param seconds longer than the work may take
 */
export function leaseFor(seconds: number) {
  const length = `interval '${seconds} s'`;
  // An end beyond a full lease comes from a clock that ran ahead, and is void.
  const isHeld = (until: string) => `postkey_holds(${until}, ${length})`;
  return {
    ms: seconds * SECOND_MS,
    /** Two renewals may be missed. */
    renewEveryMs: (seconds * SECOND_MS * 3) / 10,
    until: `now() + ${length}`,
    isHeld,
    isFree: (until: string) => `NOT ${isHeld(until)}`,
    endOf: (takenAt: string) => `(${takenAt} + ${length})`,
    beginOf: (until: string) => `(${until} - ${length})`,
    /** A paused process may have lost its row unknowingly: may exclusive work begin now? */
    isYoung: (ageMs: number) => ageMs < (seconds * SECOND_MS) / 2,
  };
}

export const GIVEN_BACK = { leaseOwner: null, leaseUntil: null } as const;
export const GIVE_BACK = `"leaseOwner" = NULL, "leaseUntil" = NULL`;

export const LEASES = {
  renewal: leaseFor(60),
  /** Also the interval between polls. */
  deviceCode: leaseFor(30),
  connectionTest: leaseFor(120),
  /** The platform is slow. */
  secretRotation: leaseFor(300),
  /** Then others may use its mailbox connections. */
  deviceGateway: leaseFor(10),
  /** Longer than the wait for a mail server. */
  letter: leaseFor(90),
  /** Also how often companies are asked. */
  companyRecheck: leaseFor(300),
  capture: leaseFor(45),
  /** Three tests, one after the other. */
  closedMailbox: leaseFor(180),
} as const;
