import "server-only";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { networkOf } from "@/lib/kernel/networks";
import { tooMany, toWait } from "../administrators/waits";
import { countBegun } from "../throttles/begun";
import { countAttempt, refundAttempt, type Throttle } from "../throttles/store";

/**
 * Counts an answer as failed before its result is known: by address, and where addresses are unknown by what the browser
 * was asked. A signature can't be guessed, and a challenge that was answered is gone.
 *
 * @returns what takes it back
 * @throws AppError too_many_requests with the time to wait
 */
export async function countAnswer(
  address: string | undefined,
  challenge: string,
): Promise<() => Promise<void>> {
  if (address === undefined) {
    const takeBack = countBegun(`passkey:${challenge}`);
    if (!takeBack) throw tooMany(5 * MINUTE_MS);
    return async () => takeBack();
  }
  const subject = `passkey:${networkOf(address)}`;
  const throttle: Throttle = { subject, free: 30, maxWaitMs: 5 * MINUTE_MS };
  const attempt = await countAttempt([throttle]);
  if (!attempt) throw (await toWait([throttle])) ?? tooMany(SECOND_MS);
  return () => refundAttempt(attempt);
}
