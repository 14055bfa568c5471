const NOTHING = Buffer.alloc(0);
/** ".", CR, LF */
const END_BYTES = 3;

/** RFC 5322 sets no limit; devices stay below. */
export const MAX_HEADER = 64 * 1024;

export class HeaderTooLarge extends Error {
  override readonly name = "HeaderTooLarge";
}

type Senders = { address: string; mayStay: (address: string) => boolean };

/** The old From becomes Reply-To if there is none; other senders the account may not use go. */
export class HeaderFrom {
  readonly #senders: Senders;
  #held: Buffer = NOTHING;
  #isPast = false;

  constructor(senders: Senders) {
    this.#senders = senders;
  }

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
    // RFC 5321 §4.5.2: dot-unstuffing.
    const read = held.toString("latin1", 0, end).replace(DOT, "$1");
    const header = withFrom(read.replace(NO_FIELD, ""), this.#senders).replace(DOT, "$1..");
    return Buffer.concat([Buffer.from(header, "latin1"), withEmptyLine(held.subarray(end))]);
  }
}

const DOT = /(^|\n)\./g;
/** Some scripts begin with a UTF-8 mark or an mbox line (RFC 4155). */
const NO_FIELD = /^(?:\xef\xbb\xbf)?(?:From (?![ \t]*:)[^\r\n]*\r?\n)?/;

/** Devices use several kinds of line breaks. */
function endOfHeader(bytes: Buffer): number | undefined {
  const text = bytes.toString("latin1", 0, MAX_HEADER + 4);
  if (/^\r*\n/.test(text)) return 0;
  const found = /\n\r*\n/.exec(text);
  return found ? found.index + 1 : undefined;
}

const CR_LF = Buffer.from("\r\n");
const TOO_MANY_RETURNS = /^\r{2,}\n/;

function withEmptyLine(bytes: Buffer): Buffer {
  const [line] = TOO_MANY_RETURNS.exec(bytes.toString("latin1", 0, MAX_HEADER)) ?? [];
  return line === undefined ? bytes : Buffer.concat([CR_LF, bytes.subarray(line.length)]);
}

/** RFC 5322 §3.6.8; obsolete blanks before the colon are accepted. */
const FIELD = /^[!-9;-~]+\s*:/;

/** @param text Latin-1 */
function withFrom(text: string, { address, mayStay }: Senders): string {
  // Text without a field is a body: its lines would become ours.
  if (text !== "" && !FIELD.test(text)) return `From: <${address}>\r\n\r\n${text}`;
  // Some servers end a line at a lone CR, and would see another field.
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
/** RFC 5322 §3.6.2, §3.6.6 */
const OTHER_SENDER = /^(?:sender|resent-(?:from|sender))\s*:/i;
/** RFC 5322 §2.1.1 */
const MAX_LINE = 998;

/** Drops a name that does not fit in one line. */
function fromLine(phrase: string, address: string): string {
  const line = `From: ${phrase}<${address}>`;
  return `${line.length > MAX_LINE ? `From: <${address}>` : line}\r\n`;
}

/** Empty unless certain. */
function addressIn(field: string): string {
  const value = bodyOf(field);
  const [, bracketed] = /^[^<>@,;]*<([^<>\s,;]+)>$/.exec(value) ?? [];
  if (bracketed !== undefined) return bracketed;
  return /^[^<>\s,;"()]+$/.test(value) ? value : "";
}

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
