import { setScheduleRight } from "@/lib/email-accounts/test-schedule/store";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { setTokensRight } from "@/lib/sign-ins/tokens/leases/store";
import { setIncidentsRight } from "@/lib/watch/incidents/store";

const EVERY_MS = 15 * SECOND_MS;
let lookedAt = Number.NEGATIVE_INFINITY;

/**
 * Finds times written by a clock that ran ahead and was set right, and has their rows fall due; now and then.
 * Leases, pauses and heartbeats check for future times themselves (`postkey_holds`, `postkey_is_ahead`):
 * this is for rows that are looked up in the order of an index.
 */
export async function setTimesRight(): Promise<void> {
  if (elapsed() - lookedAt < EVERY_MS) return;
  lookedAt = elapsed();
  await setTokensRight();
  await setScheduleRight();
  await setIncidentsRight();
}
