import { NO_MAIL, OF_ENVELOPE, SEND_AGAIN } from "./smtp-words";

export class Envelope {
  #isOpen = false;
  #answer: string | null = null;
  /** Replies to commands before an end say nothing about what follows. */
  #ends = 0;
  #named = 0;
  /** Those that the server took, without the first, which is counted with the message. */
  #uncounted = -1;

  /** Null: the server answers. */
  answerTo(verb: string): string | null {
    return OF_ENVELOPE.has(verb) ? this.#answer : null;
  }

  end(): void {
    this.#ends += 1;
    this.#isOpen = false;
    this.#answer = null;
    this.#named = 0;
    this.#uncounted = -1;
  }

  get hasSeveral(): boolean {
    return this.#named > 1;
  }

  /** @returns a callback for the reply */
  recipient(): (code: number) => void {
    const ends = this.#ends;
    this.#named += 1;
    return (code) => {
      if (ends === this.#ends && code >= 200 && code < 300) this.#uncounted += 1;
    };
  }

  get uncounted(): number {
    return this.#uncounted;
  }

  counted(): void {
    this.#uncounted = Math.min(0, this.#uncounted);
  }

  /** @returns a callback for the reply */
  begin(): (code: number) => void {
    const ends = this.#ends;
    // A refused second MAIL leaves the first one in force.
    const isNested = this.#isOpen;
    this.#isOpen = true;
    this.#answer = null;
    return (code) => {
      if (ends !== this.#ends) return;
      if (code === 250) this.#isOpen = true;
      else if (!isNested) this.#isOpen = false;
    };
  }

  /** Commands pipelined behind it must not reach the server. */
  refuse(): void {
    this.#answer = NO_MAIL;
  }

  putOff(): void {
    this.#answer = SEND_AGAIN;
  }

  part(): boolean {
    const isOpen = this.#isOpen;
    this.end();
    if (isOpen) this.putOff();
    return isOpen;
  }
}
