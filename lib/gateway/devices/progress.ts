import { elapsed, MINUTE_MS } from "@/lib/kernel/clock";

const BABBLING = { free: 1, held: 5 };
/** A device may name hundreds of recipients. */
const RECIPIENTS_MS = MINUTE_MS;

/** Only messages count as progress: NOOP and endless envelopes do not earn a place. */
export class Progress {
  #at = elapsed();
  #envelopes = 0;
  #envelopeAt = this.#at;
  #isHeld = false;

  get sinceMs(): number {
    return elapsed() - this.#at;
  }

  /** Such envelopes are not waited for; some more are allowed while Postkey delays the session. */
  get isBabbling(): boolean {
    return this.#envelopes > (this.#isHeld ? BABBLING.held : BABBLING.free);
  }

  joined(): void {
    this.#at = elapsed();
  }

  mail(): void {
    this.#envelopes += 1;
    this.#envelopeAt = elapsed();
    this.#step();
  }

  recipient(): void {
    if (elapsed() - this.#envelopeAt <= RECIPIENTS_MS) this.#step();
  }

  /** Postkey gave its place away, which is not its fault. */
  lost(): void {
    this.#envelopes = Math.max(0, this.#envelopes - 1);
  }

  async held<T>(turn: Promise<T>): Promise<T> {
    this.#isHeld = true;
    try {
      return await turn;
    } finally {
      this.#isHeld = false;
    }
  }

  message(): void {
    this.#envelopes = 0;
    this.#at = elapsed();
  }

  #step(): void {
    if (this.#envelopes <= BABBLING.free) this.#at = elapsed();
  }
}

const MAX_REFUSED = 50;
/** Not errors: one per recipient, perhaps repeated. */
const MAX_PUT_OFF = 1_000;

export class Patience {
  #refused = 0;
  #putOff = 0;

  refused(): boolean {
    this.#refused += 1;
    return this.#refused < MAX_REFUSED;
  }

  putOff(): boolean {
    this.#putOff += 1;
    return this.#putOff < MAX_PUT_OFF;
  }

  messageTaken(): void {
    this.#refused = 0;
    this.#putOff = 0;
  }
}
