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
