import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "./clock";
import { isPassingDatabaseError } from "./database-errors";

/** Together with a token request it stays well within a lease. */
const GIVE_UP_AFTER_MS = 10 * SECOND_MS;
const PAUSE_MS = 250;

/**
 * Writes what a token endpoint answered, and tries again for ten seconds while the database does not answer:
 * no other process has these tokens. The write itself decides whether it still may, so that one whose
 * acknowledgement was lost is not done twice.
 *
 * Nothing is kept in a file after that: Microsoft leaves the refresh token that was used in force
 * ("Refresh tokens in the Microsoft identity platform"), so the row as it is can be renewed again.
 */
export async function untilStored<T>(
  write: () => Promise<T>,
  giveUpAfterMs = GIVE_UP_AFTER_MS,
): Promise<T> {
  for (const end = performance.now() + giveUpAfterMs; ; await sleep(PAUSE_MS)) {
    try {
      return await write();
    } catch (error) {
      if (performance.now() > end || !isPassingDatabaseError(error)) throw error;
    }
  }
}

/**
 * Gives back a leased row that is no longer worked on, as soon as the database answers. No caller waits for it,
 * and after the lease there is nothing to give back.
 */
export function giveBackLater(giveBack: () => Promise<unknown>, leaseMs: number): void {
  untilStored(giveBack, leaseMs).catch(() => {}); // its lease ended meanwhile
}
