const [CR, LF, DOT] = [0x0d, 0x0a, 0x2e];
const ONE_DOT = Buffer.from(".");
const NOTHING = Buffer.alloc(0);

export type Part = { bytes: Buffer; behind?: Buffer };

/**
 * Only at CRLF `.` CRLF (RFC 5321 §4.1.1.4); dots between other line breaks are doubled, because
 * some servers take them for an end, which would smuggle mail past our checks.
 */
export class DataEnd {
  /** As after a line: a message may be empty. */
  #before = Buffer.from("\r\n");
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
