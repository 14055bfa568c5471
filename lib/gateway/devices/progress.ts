import { elapsed, MINUTE_MS } from "@/lib/kernel/clock";

/** Begun in a row, without a message. */
const BABBLING = { free: 1, held: 5 };
/** For which naming recipients is progress: a device names hundreds in it. */
const RECIPIENTS_MS = MINUTE_MS;

/**
 * Since when a session gets no further with a message. Nothing but a message is progress: what says NOOP has no need
 * of its place, nor has what begins one envelope after the other and never comes to a message.
 */
export class Progress {
  #at = elapsed();
  /** Begun since the last message, without those that Postkey ended. */
  #envelopes = 0;
  #envelopeAt = this.#at;
  #isHeld = false;

  get sinceMs(): number {
    return elapsed() - this.#at;
  }

  /**
   * Whether it only begins: its envelopes are no reason to wait for it. While it is Postkey that lets it wait it may
   * have begun more, such as messages whose recipients were refused, but not any number.
   */
  get isBabbling(): boolean {
    return this.#envelopes > (this.#isHeld ? BABBLING.held : BABBLING.free);
  }

  /** The session has a place at the server. */
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

  /** Postkey ended its envelope, to give its place to another: that says nothing about the session. */
  lost(): void {
    this.#envelopes = Math.max(0, this.#envelopes - 1);
  }

  /** MAIL waits for its turn. */
  async held<T>(turn: Promise<T>): Promise<T> {
    this.#isHeld = true;
    try {
      return await turn;
    } finally {
      this.#isHeld = false;
    }
  }

  /** The message itself begins, or has ended. */
  message(): void {
    this.#envelopes = 0;
    this.#at = elapsed();
  }

  #step(): void {
    if (this.#envelopes <= BABBLING.free) this.#at = elapsed();
  }
}

/** Commands that are wrong, since the last message that was taken: a device that is right has a few. */
const MAX_REFUSED = 50;
/** And those that are put off, which are no errors: one for each recipient of a message, and more than once. */
const MAX_PUT_OFF = 1_000;

/** How much the gateway answers in a session that the server has nothing to do with. */
export class Patience {
  #refused = 0;
  #putOff = 0;

  /** @returns false when it was one too many */
  refused(): boolean {
    this.#refused += 1;
    return this.#refused < MAX_REFUSED;
  }

  /** @returns false when it was one too many */
  putOff(): boolean {
    this.#putOff += 1;
    return this.#putOff < MAX_PUT_OFF;
  }

  messageTaken(): void {
    this.#refused = 0;
    this.#putOff = 0;
  }
}
