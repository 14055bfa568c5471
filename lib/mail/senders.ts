import { decodeHeaders, decodeWords } from "./mime-words";
import addressparser from "nodemailer/lib/addressparser";
import { canonicalEmail, emailKey } from "@/lib/normalize";

/** Who wrote a message, or why nobody is to be remembered for it. */
export type Sender =
  | { kind: "person"; email: string; name: string }
  | { kind: "skipped"; reason: SkipReason };

export const SKIP_REASONS = [
  "no_sender",
  "invalid_address",
  "own_address",
  "automatic",
  "bounce",
  "mailing_list",
  "no_reply",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export type SenderOptions = {
  /** Addresses of the mailbox itself: what it sends to itself makes no contact. */
  ownAddresses: readonly string[];
  /** Takes Reply-To where it names somebody else than From (RFC 5322 §3.6.2). */
  usesReplyTo: boolean;
  /** Keeps what machines send as well. */
  keepsAutomatic: boolean;
};

/** As much of the header as is ever looked at, in bytes. */
export const MAX_HEADER_BYTES = 32 * 1024;
const NAME_MAX = 120;

/**
 * The sender of a message from its header section, which may be cut off, broken or forged. Never
 * throws: what cannot be read is skipped with its reason.
 */
export function readSender(header: Buffer, options: SenderOptions): Sender {
  const fields = decodeHeaders(header.subarray(0, MAX_HEADER_BYTES));
  if (!options.keepsAutomatic) {
    const reason = automaticReason(fields);
    if (reason) return { kind: "skipped", reason };
  }
  const person = writer(fields, options);
  if (!person) return { kind: "skipped", reason: "no_sender" };
  const email = canonicalEmail(person.address);
  if (email === "") return { kind: "skipped", reason: "invalid_address" };
  const key = emailKey(email);
  if (options.ownAddresses.some((own) => emailKey(own) === key))
    return { kind: "skipped", reason: "own_address" };
  if (!options.keepsAutomatic && NO_REPLY.test(key)) return { kind: "skipped", reason: "no_reply" };
  return { kind: "person", email, name: displayName(person.name) };
}
