import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";

/** A quarter of a slow printer's rate, and Postfix's default (smtpd_min_data_rate). */
const MIN_BYTES_A_SECOND = 500;
const FIRST_MS = 30 * SECOND_MS;
/** A scanner may pause between pages. */
const MOST_MS = 2 * MINUTE_MS;

/** Bytes earn time, waiting for the device spends it; time the account's server takes is free. */
export class DataRate {
  #leftMs = FIRST_MS;
  #since: number | undefined;

  get isTooSlow(): boolean {
    return this.#since !== undefined && elapsed() - this.#since >= this.#leftMs;
  }

  async wait(reading: Promise<Buffer | null>): Promise<Buffer | null> {
    const since = elapsed();
    this.#since = since;
    const bytes = await reading;
    this.#since = undefined;
    const earnedMs = ((bytes?.length ?? 0) * SECOND_MS) / MIN_BYTES_A_SECOND;
    const leftMs = Math.max(0, this.#leftMs - (elapsed() - since)) + earnedMs;
    this.#leftMs = Math.min(MOST_MS, leftMs);
    return bytes;
  }
}
