import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "./clock";
import { isPassingDatabaseError } from "./database-errors";

/** With a token request, well within a lease. */
const GIVE_UP_AFTER_MS = 10 * SECOND_MS;
const PAUSE_MS = 250;

/**
 * No other process has these tokens. After ten seconds the row as it is can be renewed: Microsoft keeps the used refresh
 * token valid ("Refresh tokens in the Microsoft identity platform").
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

/** In the background; after the lease there is nothing to give back. */
export function giveBackLater(giveBack: () => Promise<unknown>, leaseMs: number): void {
  untilStored(giveBack, leaseMs).catch(() => {}); // its lease ended meanwhile
}
