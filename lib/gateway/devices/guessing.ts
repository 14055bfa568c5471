import { setTimeout as sleep } from "node:timers/promises";
import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { networkOf } from "@/lib/kernel/networks";

/** A password can't be guessed: these limits are against load and noise. */
const FREE_FAILURES = 10;
const FAILURES_BEFORE_BAN = 30;
const WINDOW_MS = MINUTE_MS;
const BAN_MS = 10 * MINUTE_MS;
const FIRST_WAIT_MS = 2 * SECOND_MS;
const LONGEST_WAIT_MS = 15 * SECOND_MS;
const MAX_NETWORKS = 20_000;

type Failing = { since: number; failures: number; bannedUntil: number };

/**
 * Slows down addresses that fail again and again. Devices and accounts are never locked because of wrong
 * passwords: anybody who knows a name could lock them.
 */
export class Guessing {
  readonly #failing = new Map<string, Failing>();

  isBanned(address: string): boolean {
    const known = this.#failing.get(networkOf(address));
    return known !== undefined && known.bannedUntil > elapsed();
  }

  /** Waits before a login of an address that failed too often. */
  async wait(address: string): Promise<void> {
    const known = this.#recent(address);
    const over = (known?.failures ?? 0) - FREE_FAILURES;
    if (over >= 0) await sleep(Math.min(FIRST_WAIT_MS * 2 ** over, LONGEST_WAIT_MS));
  }

  failed(address: string): void {
    const known = this.#recent(address) ?? { since: elapsed(), failures: 0, bannedUntil: 0 };
    known.failures += 1;
    if (known.failures >= FAILURES_BEFORE_BAN) known.bannedUntil = elapsed() + BAN_MS;
    if (this.#failing.size >= MAX_NETWORKS) this.#forget();
    if (this.#failing.size < MAX_NETWORKS) this.#failing.set(networkOf(address), known);
  }

  #recent(address: string): Failing | undefined {
    const known = this.#failing.get(networkOf(address));
    return known && elapsed() - known.since < WINDOW_MS ? known : undefined;
  }

  #forget(): void {
    for (const [network, { since, bannedUntil }] of this.#failing)
      if (elapsed() - since > WINDOW_MS && bannedUntil < elapsed()) this.#failing.delete(network);
  }
}
