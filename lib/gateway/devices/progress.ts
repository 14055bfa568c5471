import { elapsed } from "@/lib/kernel/clock";

/**
 * Since when a session gets no further with a message. Nothing but a message is progress: what says NOOP has no need
 * of its place, nor has what begins one envelope after the other and never comes to a message.
 */
export class Progress {
  #at = elapsed();
  /** Begun since the last message. */
  #envelopes = 0;

  get sinceMs(): number {
    return elapsed() - this.#at;
  }

  /** Whether it only begins: its envelopes are no reason to wait for it. */
  get isBabbling(): boolean {
    return this.#envelopes > 1;
  }

  /** The session has a place at the server. */
  joined(): void {
    this.#at = elapsed();
  }

  mail(): void {
    this.#envelopes += 1;
    this.#step();
  }

  recipient(): void {
    this.#step();
  }

  /** The message itself begins, or has ended. */
  message(): void {
    this.#envelopes = 0;
    this.#at = elapsed();
  }

  #step(): void {
    if (this.#envelopes <= 1) this.#at = elapsed();
  }
}
