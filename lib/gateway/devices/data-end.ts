const [CR, LF, DOT] = [0x0d, 0x0a, 0x2e];
const ONE_DOT = Buffer.from(".");
const NOTHING = Buffer.alloc(0);

export type Part = {
  /** What goes to the server. */
  bytes: Buffer;
  /** What came behind the end of the message; undefined while it goes on. */
  behind?: Buffer;
};

/**
 * Finds where a message ends: at CRLF `.` CRLF and nowhere else (RFC 5321 §4.1.1.4). Servers that take a line
 * break of another kind around the dot for an end let mail be smuggled past what was checked here, so such a
 * dot is doubled. All other bytes go through as they are.
 */
export class DataEnd {
  /** The two bytes before, as if a line had ended: a message may be empty. */
  #before = Buffer.from("\r\n");
  /** A dot, and what follows it, that cannot be judged yet. */
  #held: Buffer = NOTHING;

  next(chunk: Buffer): Part {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = NOTHING;
    const pieces: Buffer[] = [];
    let from = 0;
    for (let at = bytes.indexOf(DOT); at >= 0; at = bytes.indexOf(DOT, at + 1)) {
      const meaning = this.#judge(bytes, at);
      if (meaning === "end") {
        pieces.push(bytes.subarray(from, at + 3));
        return { bytes: joined(pieces), behind: bytes.subarray(at + 3) };
      }
      if (meaning === "unknown") {
        pieces.push(bytes.subarray(from, at));
        this.#keep(bytes, at);
        return { bytes: joined(pieces) };
      }
      if (meaning === "text") continue;
      pieces.push(bytes.subarray(from, at), ONE_DOT);
      from = at;
    }
    pieces.push(bytes.subarray(from));
    this.#remember(bytes);
    return { bytes: joined(pieces) };
  }

  #judge(bytes: Buffer, at: number): "end" | "double" | "text" | "unknown" {
    const before = this.#at(bytes, at - 1);
    if (before !== LF && before !== CR) return "text";
    const [next, afterNext] = [bytes[at + 1], bytes[at + 2]];
    if (next === undefined) return "unknown";
    if (next !== CR) return next === LF ? "double" : "text";
    if (afterNext === undefined) return "unknown";
    const isProper = before === LF && this.#at(bytes, at - 2) === CR && afterNext === LF;
    return isProper ? "end" : "double";
  }

  #at(bytes: Buffer, index: number): number | undefined {
    return index >= 0 ? bytes[index] : this.#before[this.#before.length + index];
  }

  #keep(bytes: Buffer, from: number): void {
    this.#remember(bytes.subarray(0, from));
    this.#held = bytes.subarray(from);
  }

  #remember(bytes: Buffer): void {
    this.#before = Buffer.concat([this.#before, bytes.subarray(-2)]).subarray(-2);
  }
}

function joined(pieces: Buffer[]): Buffer {
  const [only = NOTHING] = pieces;
  return pieces.length === 1 ? only : Buffer.concat(pieces);
}
