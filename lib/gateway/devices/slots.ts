import type { Protocol } from "@/lib/egress/schema";
import { SECOND_MS } from "@/lib/kernel/clock";

/** What the providers allow of one mailbox, or less: Exchange Online refuses a fourth SMTP connection. */
const SLOTS: Readonly<Record<Protocol, number>> = { smtp: 3, imap: 10, pop3: 1 };
const WAIT_MS = 20 * SECOND_MS;

/** Connections to the server of one account, by protocol: a login waits for a free one before it is refused. */
export class Slots {
  readonly #taken = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  /** @returns what gives it back; null when none became free in time */
  async take(emailAccountId: string, protocol: Protocol): Promise<(() => void) | null> {
    const slot = `${emailAccountId} ${protocol}`;
    const taken = this.#taken.get(slot) ?? 0;
    if (taken < SLOTS[protocol]) this.#taken.set(slot, taken + 1);
    else if (!(await this.#wait(slot))) return null;
    let isTaken = true;
    return () => {
      if (isTaken) this.#giveBack(slot);
      isTaken = false;
    };
  }

  #wait(slot: string): Promise<boolean> {
    return new Promise((resolve) => {
      const queue = this.#waiting.get(slot) ?? [];
      this.#waiting.set(slot, queue);
      const late = setTimeout(() => {
        queue.splice(queue.indexOf(turn), 1);
        resolve(false);
      }, WAIT_MS);
      const turn = () => {
        clearTimeout(late);
        resolve(true);
      };
      queue.push(turn);
    });
  }

  /** To the one who waits longest, if any does. */
  #giveBack(slot: string): void {
    const queue = this.#waiting.get(slot) ?? [];
    const next = queue.shift();
    if (queue.length === 0) this.#waiting.delete(slot);
    if (next) next();
    else this.#free(slot);
  }

  #free(slot: string): void {
    const left = (this.#taken.get(slot) ?? 1) - 1;
    if (left > 0) this.#taken.set(slot, left);
    else this.#taken.delete(slot);
  }
}
