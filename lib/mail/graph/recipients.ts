import addressparser from "nodemailer/lib/addressparser";
import { emailKey } from "@/lib/kernel/text/normalize";

/** Exchange Online limits, message header size */
const MAX_HEADER = 256 * 1024;

/**
 * Microsoft Graph has no envelope: it sends to everyone whom the header names, and takes Bcc out. Whoever
 * is not in To or Cc is added there.
 * @returns in words what is wrong: the header is too large, or names someone who is no recipient
 */
export function withRecipients(
  given: Buffer,
  recipients: readonly string[],
): Buffer | "too large" | "others" {
  // Some devices end lines by LF alone, or by two CR before it (RFC 5322 §2.1).
  const message = Buffer.from(given.toString("latin1").replace(/\r*\n/g, "\r\n"), "latin1");
  const end = endOfHeader(message);
  if (end > MAX_HEADER) return "too large";
  const fields = message
    .toString("latin1", 0, end)
    // Some servers end a line at a lone CR, and would see another field.
    .replace(/\r(?!\n)/g, " ")
    .split(/(?<=\n)(?![ \t])/)
    .filter((field) => field !== "" && !BCC.test(field));
  const named = new Set(fields.filter((field) => TO_OR_CC.test(field)).flatMap(addressesIn));
  const wanted = new Map(recipients.map((address) => [emailKey(address), address]));
  if ([...named].some((key) => !wanted.has(key))) return "others";
  const others = [...wanted].flatMap(([key, address]) => (named.has(key) ? [] : [address]));
  const bcc = others.length > 0 ? `Bcc: ${others.join(",\r\n ")}\r\n` : "";
  // What begins with no field is a body, whose lines would become ours.
  const header = bcc + (end === 0 ? "\r\n" : fields.join(""));
  return Buffer.concat([Buffer.from(header, "latin1"), message.subarray(end)]);
}

/** RFC 5322 §3.6.3; those of a resent message are no recipients of Microsoft Graph. */
const TO_OR_CC = /^(?:to|cc)\s*:/i;
const BCC = /^bcc\s*:/i;
/** RFC 5322 §3.6.8 */
const FIELD = /^[!-9;-~]+[ \t]*:/;

/** Zero for a message that begins with no field: it has no header. */
function endOfHeader(message: Buffer): number {
  const text = message.toString("latin1", 0, MAX_HEADER + 4);
  if (!FIELD.test(text)) return 0;
  const { index = message.length - 1 } = /\n\r?\n/.exec(text) ?? {};
  return index + 1;
}

function addressesIn(field: string): string[] {
  const value = Buffer.from(field.slice(field.indexOf(":") + 1), "latin1").toString("utf8");
  const unfolded = value.replace(/\r?\n/g, "");
  return addressparser(unfolded, { flatten: true }).flatMap(({ address = "" }) =>
    address === "" ? [] : [emailKey(address)],
  );
}
