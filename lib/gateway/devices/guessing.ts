import type { Socket } from "node:net";
import { longestAfterFailures } from "@/lib/kernel/backoff";
import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { networkOf } from "@/lib/kernel/networks";

/** A password is unguessable; the limits are against load and noise. */
const FREE = 20;
const FAILURES_BEFORE_CLOSING = 300;
const WINDOW_MS = MINUTE_MS;
const CLOSED_MS = 10 * MINUTE_MS;
const WAIT = { firstMs: 2 * SECOND_MS, longestMs: 15 * SECOND_MS };
/** More answers of one network do not wait at once. */
const MAX_WAITING = 20;
const MAX_NETWORKS = 20_000;
const MAX_DEVICES_OF_NETWORK = 1_000;

type Failing = { since: number; failures: number; closedUntil: number; waiting: number };

/** Never locks an account: anyone who knows a name could cause that. */
export class Guessing {
  readonly #failing = new Map<string, Failing>();
  readonly #right = new Map<string, Set<string>>();

  /** None of its devices was ever right. */
  isShut(address: string): boolean {
    return this.#isClosed(address) && !this.#right.has(networkOf(address));
  }

  mayTry(address: string, prefix: string | null): boolean {
    if (!this.#isClosed(address)) return true;
    return prefix !== null && this.#right.get(networkOf(address))?.has(prefix) === true;
  }

  right(address: string, prefix: string | null): void {
    const network = networkOf(address);
    const known = this.#right.get(network) ?? new Set();
    if (prefix === null || known.size >= MAX_DEVICES_OF_NETWORK) return;
    keepLatest(this.#right, [network, known.add(prefix)], MAX_NETWORKS);
  }

  failed(address: string): { waitMs: number; isNews: boolean } {
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

  /** Unless the client left, or too many others wait. */
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
