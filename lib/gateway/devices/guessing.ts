import type { Socket } from "node:net";
import { longestAfterFailures } from "@/lib/kernel/backoff";
import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { networkOf } from "@/lib/kernel/networks";

/** A password can't be guessed: these limits are against load and noise. */
const FREE = 20;
const FAILURES_BEFORE_CLOSING = 300;
const WINDOW_MS = MINUTE_MS;
const CLOSED_MS = 10 * MINUTE_MS;
const WAIT = { firstMs: 2 * SECOND_MS, longestMs: 15 * SECOND_MS };
/** Answers of one network that wait at once: others come in beside them. */
const MAX_WAITING = 20;
const MAX_NETWORKS = 20_000;
const MAX_DEVICES_OF_NETWORK = 1_000;

type Failing = { since: number; failures: number; closedUntil: number; waiting: number };

/** What a wrong password comes to. */
type Failed = {
  waitMs: number;
  /** An administrator is told now, and not with each one that follows. */
  isNews: boolean;
};

/**
 * Slows down the wrong passwords of a network, and closes it after hundreds. Devices and accounts are never locked
 * because of wrong passwords: anyone who knows a name could lock them. A right password is never slow, and devices that
 * were right once get into a network that is closed.
 */
export class Guessing {
  readonly #failing = new Map<string, Failing>();
  /** Beginnings of passwords that were right, by network. */
  readonly #right = new Map<string, Set<string>>();

  /** Whether nothing from there is answered: none of its devices was ever right. */
  isShut(address: string): boolean {
    return this.#isClosed(address) && !this.#right.has(networkOf(address));
  }

  /** Whether a login is looked up at all. @param prefix what its password begins with */
  mayTry(address: string, prefix: string | null): boolean {
    if (!this.#isClosed(address)) return true;
    return prefix !== null && this.#right.get(networkOf(address))?.has(prefix) === true;
  }

  /** A password was right, whatever became of the login. */
  right(address: string, prefix: string | null): void {
    const network = networkOf(address);
    const known = this.#right.get(network) ?? new Set();
    if (prefix === null || known.size >= MAX_DEVICES_OF_NETWORK) return;
    keepLatest(this.#right, [network, known.add(prefix)], MAX_NETWORKS);
  }

  failed(address: string): Failed {
    const network = networkOf(address);
    const fresh = { since: elapsed(), failures: 0 };
    const known = this.#failing.get(network) ?? { ...fresh, closedUntil: 0, waiting: 0 };
    if (elapsed() - known.since >= WINDOW_MS) Object.assign(known, fresh);
    known.failures += 1;
    const closes = known.failures === FAILURES_BEFORE_CLOSING;
    if (closes) known.closedUntil = elapsed() + CLOSED_MS;
    keepLatest(this.#failing, [network, known], MAX_NETWORKS);
    const over = known.failures - FREE;
    const waitMs = over > 0 ? longestAfterFailures(WAIT, over - 1) : 0;
    return { waitMs, isNews: closes || over === 1 };
  }

  /** Before an answer, as long as the client is there and not too many others wait beside it. */
  async wait(socket: Socket, address: string, waitMs: number): Promise<void> {
    const network = this.#failing.get(networkOf(address));
    if (waitMs === 0 || !network || network.waiting >= MAX_WAITING || socket.destroyed) return;
    network.waiting += 1;
    await new Promise<void>((done) => {
      const timer = setTimeout(done, waitMs);
      socket.once("close", () => {
        clearTimeout(timer);
        done();
      });
    });
    network.waiting -= 1;
  }

  #isClosed(address: string): boolean {
    return (this.#failing.get(networkOf(address))?.closedUntil ?? 0) > elapsed();
  }
}
