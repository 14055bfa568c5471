const END = Buffer.from("\r\n.\r\n");

/**
 * Finds where a message ends, across the borders of chunks: at CRLF `.` CRLF and nowhere else. A server that
 * takes LF `.` CRLF for an end lets mail be smuggled (RFC 5321 §4.1.1.4).
 */
export class DataEnd {
  /** As if a line had ended before: a message may be empty. */
  #tail: Buffer = Buffer.from("\r\n");

  /** @returns how many bytes of the chunk belong to the message; -1 for all of them, and more */
  find(chunk: Buffer): number {
    // The chunk itself is looked through without copying it.
    const seam = Buffer.concat([this.#tail, chunk.subarray(0, END.length - 1)]);
    const atSeam = seam.indexOf(END);
    if (atSeam >= 0) return atSeam + END.length - this.#tail.length;
    const within = chunk.indexOf(END);
    if (within >= 0) return within + END.length;
    const kept = END.length - 1;
    this.#tail = chunk.length >= kept ? chunk.subarray(-kept) : seam.subarray(-kept);
    return -1;
  }
}
