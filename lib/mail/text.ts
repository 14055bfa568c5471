import type { Protocol } from "@/lib/egress/schema";
import { foreignText, withoutSecrets } from "@/lib/kernel/text/foreign-text";

// Base64 of "user=", "auth=" or a JWT header, as a server that echoes a command would show it.
const CREDENTIAL = /\b(?:dXNlcj|YXV0aD|eyJ)[\w+/=.-]{16,}/g;

// What a server puts before each line of a reply by itself (RFC 5321 §4.2.1, RFC 2034 §4,
// RFC 9051 §7.1, RFC 1939 §3).
const REPLY_CODE =
  /^(?:\d{3}[ -](?:\d\.\d{1,3}\.\d{1,3} )?|\* (?:OK|NO|BAD|BYE) |[+-](?:OK|ERR)? )/gim;

/**
 * Server text made safe to store and show: one line, at most 512 characters, no control marks, and no
 * part of the secrets that the server was sent.
 */
export function safeServerText(raw: string, secrets: readonly string[] = []): string {
  return foreignText(withoutCredentials(raw, secrets));
}

/** The same lines, as they came, without secrets and what looks like one. */
export function withoutCredentials(raw: string, secrets: readonly string[]): string {
  return withoutSecrets(raw, { secrets, ignoring: REPLY_CODE }).replace(CREDENTIAL, "…");
}

/** Without the tag of the command that IMAP answers (RFC 9051 §2.2.2): who reads the reply did not give it. */
export function withoutTag(reply: string, protocol: Protocol): string {
  return protocol === "imap" ? reply.replace(TAG, "") : reply;
}

/** Some replies come without one, and their words may begin alike. */
const TAG = /^(?!(?:OK|NO|BAD) )[^\s*+]{1,64} (?=(?:OK|NO|BAD)\b)/i;

/** As a report shows it: `1 message`, `3 messages`. */
export function countMessages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}
