import { asciiDomain, canonicalEmail, emailKey } from "@/lib/kernel/text/normalize";
import { words } from "@/lib/kernel/words";
import {
  type Fields,
  firstPerson,
  MAX_HEADER_BYTES,
  readFields,
  visibleWords,
} from "./header-fields";

export type Sender =
  | { kind: "person"; email: string; name: string }
  | { kind: "skipped"; reason: SkipReason };

export const SKIP_REASONS = words(
  "no_sender header_too_long invalid_address own_address automatic bounce mailing_list no_reply",
);
export type SkipReason = (typeof SKIP_REASONS)[number];

export type SenderOptions = {
  /** Mail to oneself makes no contact. */
  ownAddresses: readonly string[];
  /** Where it differs from From (RFC 5322 §3.6.2). */
  usesReplyTo: boolean;
  keepsAutomatic: boolean;
};

const NAME_MAX = 120;

/** Never throws; the reason says what could not be read. */
export function readSender(header: Buffer, options: SenderOptions): Sender {
  const fields = readFields(header);
  if (!options.keepsAutomatic) {
    const reason = automaticReason(fields);
    if (reason) return { kind: "skipped", reason };
  }
  const person = writer(fields, options);
  // For example ten thousand recipients before the sender.
  const isCutOff = header.length >= MAX_HEADER_BYTES;
  if (!person) return { kind: "skipped", reason: isCutOff ? "header_too_long" : "no_sender" };
  if (!isAddress(person.address)) return { kind: "skipped", reason: "invalid_address" };
  const email = canonicalEmail(person.address);
  const key = emailKey(email);
  if (options.ownAddresses.some((own) => emailKey(own) === key))
    return { kind: "skipped", reason: "own_address" };
  if (!options.keepsAutomatic && NO_REPLY.test(key)) return { kind: "skipped", reason: "no_reply" };
  return { kind: "person", email, name: displayName(person.name) };
}

function automaticReason(fields: Fields): SkipReason | undefined {
  const value = (name: string) => (fields.get(name) ?? "").trim().toLowerCase();
  if (value("return-path") === "<>" || isBounce(value("content-type"))) return "bounce";
  // RFC 2919, RFC 2369
  if (fields.has("list-id") || fields.has("list-post") || fields.has("list-unsubscribe"))
    return "mailing_list";
  if (["list", "bulk", "junk"].includes(value("precedence"))) return "mailing_list";
  // RFC 3834 §5: all but "no" is automatic; the rest is from systems without it.
  const automatic = value("auto-submitted").replace(/;.*$/s, "").trim();
  if (automatic !== "" && automatic !== "no") return "automatic";
  if (value("precedence") === "auto_reply" || fields.has("x-autoreply")) return "automatic";
  if (/\ball\b|\boof\b/.test(value("x-auto-response-suppress"))) return "automatic";
  return BOUNCE_SENDER.test(value("from")) ? "bounce" : undefined;
}

/** RFC 3462, RFC 3464 §2 */
function isBounce(contentType: string): boolean {
  const isReport = /^multipart\/report\b/.test(contentType);
  return isReport && /report-type\s*=\s*"?delivery-status/.test(contentType);
}

const BOUNCE_SENDER = /\b(?:mailer-daemon|postmaster)@/;
const NO_REPLY = /^(?:no|do-?not|donot)[-_.]?reply(?:[-_.+].*)?@|^(?:mailer-daemon|postmaster)@/;

function writer(fields: Fields, { usesReplyTo }: SenderOptions) {
  const from = firstPerson(fields.get("from"));
  const replyTo = usesReplyTo ? firstPerson(fields.get("reply-to")) : undefined;
  if (!replyTo) return from;
  // Replies go there; without a name, the writer's own.
  return { address: replyTo.address, name: replyTo.name || (from?.name ?? "") };
}

const CONTROL = /[\p{Cc}\p{Z}]/u;

/** Any alphabet before the at sign (RFC 6531 §3.3). */
function isAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  const [local, domain] = [text.slice(0, at), asciiDomain(text.slice(at + 1))];
  const isLocal = local !== "" && Buffer.byteLength(local) <= 64 && !CONTROL.test(local);
  const isDomain = domain.length <= 253 && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain);
  return isLocal && isDomain && !/[<>()[\]",;:\\@]/.test(local);
}

function displayName(name: string): string {
  const visible = visibleWords(name).replace(/^["']+|(?<!["'])["']+$/g, "");
  return [...visible].slice(0, NAME_MAX).join("").trim();
}
