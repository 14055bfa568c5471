const NOTHING = Buffer.alloc(0);
/** ".", CR, LF: what ends a message behind its last line. */
const END_BYTES = 3;

/** RFC 5322 sets no limit; a longer header is no message of a device. */
export const MAX_HEADER = 64 * 1024;

export class HeaderTooLarge extends Error {
  override readonly name = "HeaderTooLarge";
}

type Senders = { address: string; mayStay: (address: string) => boolean };

/**
 * Replaces the From of a message that streams through by an address that the account may use; the one of
 * before becomes Reply-To where there is none, and other senders that it may not use are left out. Only the header is
 * held back, and nothing else is changed.
 */
export class HeaderFrom {
  readonly #senders: Senders;
  #held: Buffer = NOTHING;
  #isPast = false;

  constructor(senders: Senders) {
    this.#senders = senders;
  }

  /** @returns what may go on now @throws HeaderTooLarge */
  next(bytes: Buffer, { isLast }: { isLast: boolean }): Buffer {
    if (this.#isPast) return bytes;
    const held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const end = endOfHeader(held) ?? (isLast ? held.length - END_BYTES : undefined);
    if ((end ?? held.length) > MAX_HEADER) throw new HeaderTooLarge();
    if (end === undefined) {
      this.#held = held;
      return NOTHING;
    }
    this.#isPast = true;
    this.#held = NOTHING;
    // RFC 5321 §4.5.2: what the server reads has no dot that was put before a line.
    const read = held.toString("latin1", 0, end).replace(DOT, "$1");
    const header = withFrom(read.replace(NO_FIELD, ""), this.#senders).replace(DOT, "$1..");
    return Buffer.concat([Buffer.from(header, "latin1"), withEmptyLine(held.subarray(end))]);
  }
}

const DOT = /(^|\n)\./g;
/** Some scripts send a mark of UTF-8, or the line of a mailbox file (RFC 4155), before the header. */
const NO_FIELD = /^(?:\xef\xbb\xbf)?(?:From (?![ \t]*:)[^\r\n]*\r?\n)?/;

/** Where the empty line begins; devices write line breaks of several kinds. */
function endOfHeader(bytes: Buffer): number | undefined {
  const text = bytes.toString("latin1", 0, MAX_HEADER + 4);
  if (/^\r*\n/.test(text)) return 0;
  const found = /\n\r*\n/.exec(text);
  return found ? found.index + 1 : undefined;
}

const CR_LF = Buffer.from("\r\n");
const TOO_MANY_RETURNS = /^\r{2,}\n/;

/** The body behind a line that no server reads as a field: what follows would become a part of the header. */
function withEmptyLine(bytes: Buffer): Buffer {
  const [line] = TOO_MANY_RETURNS.exec(bytes.toString("latin1", 0, MAX_HEADER)) ?? [];
  return line === undefined ? bytes : Buffer.concat([CR_LF, bytes.subarray(line.length)]);
}

/** What a header begins with (RFC 5322 §3.6.8; blanks before the colon are obsolete, and read). */
const FIELD = /^[!-9;-~]+\s*:/;

/** @param text lines with their ends, each byte a character */
function withFrom(text: string, { address, mayStay }: Senders): string {
  // Text that does not begin with a field is not a header: its lines would become part of ours in front of it.
  if (text !== "" && !FIELD.test(text)) return `From: <${address}>\r\n\r\n${text}`;
  // Some servers end a line at a lone CR, and would read a field where there is none.
  const header = text.replace(/\r(?!\n)/g, " ");
  const fields = header
    .split(/(?<=\n)(?![ \t])/)
    .filter((field) => !OTHER_SENDER.test(field) || mayStay(addressIn(field)));
  const from = fields.filter((field) => FROM.test(field));
  const [first] = from;
  if (first === undefined) return `From: <${address}>\r\n${fields.join("")}`;
  if (from.length === 1 && mayStay(addressIn(first))) return fields.join("");
  const replaced = [fromLine(phraseIn(first), address)];
  const hasReplyTo = fields.some((field) => /^reply-to\s*:/i.test(field));
  if (!hasReplyTo && /[^<>\s]/.test(bodyOf(first)))
    replaced.push(first.replace(/^from\s*/i, "Reply-To"));
  const at = fields.indexOf(first);
  return fields
    .flatMap((field, index) => {
      if (index === at) return replaced;
      return FROM.test(field) ? [] : [field];
    })
    .join("");
}

const FROM = /^from\s*:/i;
/** The other senders that a message can name (RFC 5322 §3.6.2, §3.6.6). */
const OTHER_SENDER = /^(?:sender|resent-(?:from|sender))\s*:/i;
/** RFC 5322 §2.1.1, without the line's end. */
const MAX_LINE = 998;

/** A name that was folded over many lines is left out where it does not fit one. */
function fromLine(phrase: string, address: string): string {
  const line = `From: ${phrase}<${address}>`;
  return `${line.length > MAX_LINE ? `From: <${address}>` : line}\r\n`;
}

/** The only address of a field; empty where that is not certain. */
function addressIn(field: string): string {
  const value = bodyOf(field);
  const [, bracketed] = /^[^<>@,;]*<([^<>\s,;]+)>$/.exec(value) ?? [];
  if (bracketed !== undefined) return bracketed;
  return /^[^<>\s,;"()]+$/.test(value) ? value : "";
}

/** The name before an address, where there is one name and one address. */
function phraseIn(field: string): string {
  const [, phrase = ""] =
    /^((?:"(?:[^"\\]|\\.)*"|[^<>,;:"@()\\])*)<[^<>]*>$/.exec(bodyOf(field)) ?? [];
  return phrase.trim() === "" ? "" : `${phrase.trim()} `;
}

function bodyOf(field: string): string {
  return field
    .slice(field.indexOf(":") + 1)
    .replace(/\r?\n/g, "")
    .trim();
}
