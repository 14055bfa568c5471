import type { Protocol } from "@/lib/egress/protocols/schema";
import { foreignText, withoutSecrets } from "@/lib/kernel/text/foreign-text";

// Base64 of "user=", "auth=" or a JWT header, as a server may echo it.
const CREDENTIAL = /\b(?:dXNlcj|YXV0aD|eyJ)[\w+/=.-]{16,}/g;

// RFC 5321 §4.2.1, RFC 2034 §4, RFC 9051 §7.1, RFC 1939 §3
const REPLY_CODE =
  /^(?:\d{3}[ -](?:\d\.\d{1,3}\.\d{1,3} )?|\* (?:OK|NO|BAD|BYE) |[+-](?:OK|ERR)? )/gim;

/** One line, at most 512 characters, without secrets or control marks. */
export function safeServerText(raw: string, secrets: readonly string[] = []): string {
  return foreignText(withoutCredentials(raw, secrets));
}

export function withoutCredentials(raw: string, secrets: readonly string[]): string {
  return withoutSecrets(raw, { secrets, ignoring: REPLY_CODE }).replace(CREDENTIAL, "…");
}

/** RFC 9051 §2.2.2: the reader does not know the tag. */
export function withoutTag(reply: string, protocol: Protocol): string {
  return protocol === "imap" ? reply.replace(TAG, "") : reply;
}

/** Untagged replies may begin alike. */
const TAG = /^(?!(?:OK|NO|BAD) )[^\s*+]{1,64} (?=(?:OK|NO|BAD)\b)/i;

export function countMessages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}
