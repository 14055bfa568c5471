import { OF_ENVELOPE } from "./smtp-words";

/** The envelope of a message, from MAIL to DATA, as the server's replies tell it. */
export class Envelope {
  #isOpen = false;
  #isLost = false;
  /** Replies to what was sent before an end say nothing about what came behind it. */
  #ends = 0;

  /** Its place was given up within it, or before it could begin: the device is to send its message again. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Whether a command is of an envelope that is lost, and would be refused for good by the server. */
  putsOff(verb: string): boolean {
    return this.#isLost && OF_ENVELOPE.has(verb);
  }

  /** By RSET, a greeting or the message itself. */
  end(): void {
    this.#ends += 1;
    this.#isOpen = false;
    this.#isLost = false;
  }

  /** MAIL goes to the server. @returns what takes its reply */
  begin(): (code: number) => void {
    const ends = this.#ends;
    // A second MAIL is refused, and the envelope of the first one stays.
    const isNested = this.#isOpen;
    this.#isOpen = true;
    this.#isLost = false;
    return (code) => {
      if (ends !== this.#ends) return;
      if (code === 250) this.#isOpen = true;
      else if (!isNested) this.#isOpen = false;
    };
  }

  /** MAIL was put off: what a device sends behind it at once is put off as well. */
  putOff(): void {
    this.#isLost = true;
  }

  /** The place at the server is given up. @returns whether the envelope is lost by that */
  part(): boolean {
    const isOpen = this.#isOpen;
    this.end();
    this.#isLost = isOpen;
    return isOpen;
  }
}
