import { isUtf8 } from "node:buffer";
import { Libmime } from "libmime";
import addressparser from "nodemailer/lib/addressparser";

/** The rest of a header is not read. */
export const MAX_HEADER_BYTES = 32 * 1024;

/** Lower-case names; unfolded, not decoded. */
export type Fields = ReadonlyMap<string, string>;

const libmime = new Libmime();

/** RFC 5322 §2.2; never throws. First of each field: a second From must not win. */
export function readFields(header: Buffer): Fields {
  const section = header.subarray(0, MAX_HEADER_BYTES);
  // UTF-8 (RFC 6532), else Latin-1.
  const text = section.toString(isUtf8(section) ? "utf8" : "latin1");
  const parsed = libmime.decodeHeaders(text);
  return new Map(Object.entries(parsed).map(([name, values]) => [name, String(values[0] ?? "")]));
}

export type Person = { address: string; name: string };

/** Groups opened (RFC 5322 §3.4). */
export function firstPerson(field = ""): Person | undefined {
  for (const entry of addressparser(field, { flatten: true })) {
    const { address = "", name = "" } = entry;
    if (address.includes("@")) return { address: address.trim(), name };
  }
  return undefined;
}

/** RFC 2047, one line, unsafe characters removed. */
export function visibleWords(text: string): string {
  return libmime
    .decodeWords(text)
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Z}\s]+/gu, " ")
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, "")
    .trim();
}

export type Envelope = {
  from: string;
  to: string;
  subject: string;
  /** Null if invalid (RFC 5322 §3.6.1). */
  sentAt: Date | null;
  messageId: string;
};

const TEXT_MAX = 200;

/** Never throws. */
export function readEnvelope(header: Buffer): Envelope {
  const fields = readFields(header);
  return {
    from: personText(fields.get("from")),
    to: personText(fields.get("to")),
    subject: shown(fields.get("subject")),
    sentAt: dateOf(fields.get("date")),
    messageId: shown(fields.get("message-id")),
  };
}

function personText(field: string | undefined): string {
  const person = firstPerson(field);
  if (!person) return shown(field);
  const name = shown(person.name);
  const address = shown(person.address);
  return name === "" || name === address ? address : `${name} <${address}>`;
}

function shown(text = ""): string {
  const characters = [...visibleWords(text)];
  if (characters.length <= TEXT_MAX) return characters.join("");
  return `${characters.slice(0, TEXT_MAX - 1).join("")}…`;
}

function dateOf(text = ""): Date | null {
  // Date cannot parse a comment after the zone (RFC 5322 §3.6.1, CFWS).
  const date = new Date(text.replace(/\([^()]*\)/g, "").trim());
  return Number.isNaN(date.getTime()) ? null : date;
}
