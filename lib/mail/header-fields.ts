import { isUtf8 } from "node:buffer";
import { Libmime } from "libmime";
import addressparser from "nodemailer/lib/addressparser";

/** As much of a header section as is ever looked at, in bytes. */
export const MAX_HEADER_BYTES = 32 * 1024;

/** By name in lower case, unfolded and not decoded. */
export type Fields = ReadonlyMap<string, string>;

const libmime = new Libmime();

/**
 * The fields of a header section (RFC 5322 §2.2), which may be cut off, broken or forged; never throws.
 * The first of each, so that a sender who adds a second From does not get to choose.
 */
export function readFields(header: Buffer): Fields {
  const section = header.subarray(0, MAX_HEADER_BYTES);
  // RFC 6532 allows UTF-8; other bytes were written before it, and were meant as Latin-1.
  const text = section.toString(isUtf8(section) ? "utf8" : "latin1");
  const parsed = libmime.decodeHeaders(text);
  return new Map(Object.entries(parsed).map(([name, values]) => [name, String(values[0] ?? "")]));
}

export type Person = { address: string; name: string };

/** The first address of a field, groups opened (RFC 5322 §3.4). */
export function firstPerson(field = ""): Person | undefined {
  for (const entry of addressparser(field, { flatten: true })) {
    const { address = "", name = "" } = entry;
    if (address.includes("@")) return { address: address.trim(), name };
  }
  return undefined;
}

/** Decoded (RFC 2047), in one line, without characters that should not be shown. */
export function visibleWords(text: string): string {
  return libmime
    .decodeWords(text)
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Z}\s]+/gu, " ")
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, "")
    .trim();
}
