import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";

/** A quarter of what a slow printer sends, and what Postfix asks for as well (smtpd_min_data_rate). */
const MIN_BYTES_A_SECOND = 500;
const FIRST_MS = 30 * SECOND_MS;
/** A scanner may pause between two pages, however many it has sent. */
const MOST_MS = 2 * MINUTE_MS;

/**
 * How fast a message comes. It has time in advance, each byte earns more, and waiting for the device spends it: one
 * that drips byte by byte has none left soon. What the account's server takes to read is not counted.
 */
export class DataRate {
  #leftMs = FIRST_MS;
  #since: number | undefined;

  /** Whether the device is waited for and has no time left. */
  get isTooSlow(): boolean {
    return this.#since !== undefined && elapsed() - this.#since >= this.#leftMs;
  }

  /** The next bytes of the message, once they are there. */
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
