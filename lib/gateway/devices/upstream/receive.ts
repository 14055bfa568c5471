import { GRAPH_MAX_KB, GRAPH_MAX_TEXT } from "@/lib/email-accounts/schema";
import type { ByteReader } from "@/lib/mail/byte-reader";
import { DataEnd } from "../data-end";

export const MAX_BYTES = GRAPH_MAX_KB * 1024;
/** Of all messages that devices send at once: of each there are some four copies at its end. */
const MAX_IN_HAND = 48 * 1024 * 1024;

export const TOO_LARGE = `552 5.3.4 Microsoft Graph takes ${GRAPH_MAX_TEXT}, such as a file of 1,600 KB. Send less at once.`;
const IN_HAND = "451 4.3.1 Postkey has many large messages in hand. Send it again.";

/** @returns the answer. Null: broken off. What is not kept is read to its end, so that it is heard. */
export async function receive(
  reader: ByteReader,
  handOn: (message: Buffer) => Promise<string>,
): Promise<string | null> {
  const end = new DataEnd();
  const kept = new Kept();
  try {
    for (;;) {
      const chunk = await reader.some();
      if (!chunk) return null;
      const { bytes, behind } = end.next(chunk);
      kept.add(bytes);
      if (!behind) continue;
      reader.unread(behind);
      return kept.refusal ?? (await handOn(withoutDots(kept.take())));
    }
  } finally {
    kept.letGo();
  }
}

let inHand = 0;

class Kept {
  #parts: Buffer[] = [];
  #size = 0;
  refusal: string | undefined;

  add(bytes: Buffer): void {
    if (this.#size + bytes.length > MAX_BYTES) this.refusal ??= TOO_LARGE;
    else if (inHand + bytes.length > MAX_IN_HAND) this.refusal ??= IN_HAND;
    if (this.refusal) this.letGo();
    else {
      this.#parts.push(bytes);
      this.#size += bytes.length;
      inHand += bytes.length;
    }
  }

  take(): Buffer {
    return Buffer.concat(this.#parts.splice(0));
  }

  letGo(): void {
    this.#parts = [];
    inHand -= this.#size;
    this.#size = 0;
  }
}

/** As it was before it went through DATA (RFC 5321 §4.5.2), without the line that ends it. */
export function withoutDots(sent: Buffer): Buffer {
  const text = sent.toString("latin1", 0, sent.length - ".\r\n".length);
  return Buffer.from(text.replace(/(^|\n)\./g, "$1"), "latin1");
}
