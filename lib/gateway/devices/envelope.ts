import { NO_MAIL, OF_ENVELOPE, SEND_AGAIN } from "./smtp-words";

/** The envelope of a message, from MAIL to DATA, as the server's replies tell it. */
export class Envelope {
  #isOpen = false;
  #answer: string | null = null;
  /** Replies to what was sent before an end say nothing about what came behind it. */
  #ends = 0;

  /** What a command is told of an envelope that the server does not have; null where it goes there. */
  answerTo(verb: string): string | null {
    return OF_ENVELOPE.has(verb) ? this.#answer : null;
  }

  /** By RSET, a greeting or the message itself. */
  end(): void {
    this.#ends += 1;
    this.#isOpen = false;
    this.#answer = null;
  }

  /** MAIL goes to the server. @returns what takes its reply */
  begin(): (code: number) => void {
    const ends = this.#ends;
    // A second MAIL is refused, and the envelope of the first one stays.
    const isNested = this.#isOpen;
    this.#isOpen = true;
    this.#answer = null;
    return (code) => {
      if (ends !== this.#ends) return;
      if (code === 250) this.#isOpen = true;
      else if (!isNested) this.#isOpen = false;
    };
  }

  /** MAIL is refused here: nothing of what a device sends behind it at once goes to the server. */
  refuse(): void {
    this.#answer = NO_MAIL;
  }

  /** MAIL is put off, and so is what a device sends behind it at once. */
  putOff(): void {
    this.#answer = SEND_AGAIN;
  }

  /** The place at the server is given up. @returns whether the envelope is lost by that */
  part(): boolean {
    const isOpen = this.#isOpen;
    this.end();
    if (isOpen) this.putOff();
    return isOpen;
  }
}
