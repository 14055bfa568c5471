import { setScheduleRight } from "@/lib/email-accounts/test-schedule/store";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { setTokensRight } from "@/lib/sign-ins/tokens/leases/store";
import { setIncidentsRight } from "@/lib/watch/incidents/store";

const EVERY_MS = 15 * SECOND_MS;
let lookedAt = Number.NEGATIVE_INFINITY;

/** For rows found in index order; leases, pauses and heartbeats check the future themselves. */
export async function setTimesRight(): Promise<void> {
  if (elapsed() - lookedAt < EVERY_MS) return;
  lookedAt = elapsed();
  await setTokensRight();
  await setScheduleRight();
  await setIncidentsRight();
}
