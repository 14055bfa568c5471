import type { MailFailure } from "./report";

/**
 * Every failure this folder can name, and whether the same test may succeed later without anybody
 * changing anything. The texts are entries of the same id in `lib/remedies/mail.ts`.
 */
export const MAIL_FAILURES = {
  "dns.not_found": false,
  "dns.temporary": true,
  "dns.timeout": true,
  "egress.port_refused": false,
  "egress.private_address": false,
  "tcp.refused": true,
  "tcp.timeout": true,
  "tcp.unreachable": true,
  "tls.expired": false,
  "tls.handshake_failed": false,
  "tls.interrupted": true,
  "tls.not_spoken": false,
  "tls.not_yet_valid": false,
  "tls.starttls_injection": false,
  "tls.starttls_missing": false,
  "tls.timeout": true,
  "tls.too_old": false,
  "tls.untrusted_issuer": false,
  "tls.wrong_name": false,
  "mail.connection_lost": true,
  "mail.deadline": true,
  "mail.flood": false,
  "mail.invalid_credential": false,
  "mail.no_greeting": true,
  "mail.no_xoauth2": false,
  "mail.protocol_error": false,
  "mail.temporary": true,
  "mail.throttled": true,
  "mail.wrong_service": false,
  "token.expired": true,
  "password.app_password": false,
  "password.refused": false,
  "imap.authenticate_failed": false,
  "imap.basic_auth_off": false,
  "imap.bye": true,
  "imap.login_disabled": false,
  "imap.mailbox_refused": false,
  "imap.not_connected": false,
  "imap.preauthenticated": false,
  "smtp.auth_disabled_mailbox": false,
  "smtp.auth_disabled_tenant": false,
  "smtp.auth_not_offered": false,
  "smtp.auth_unsuccessful": false,
  "smtp.basic_auth_retired": false,
  "smtp.client_refused": false,
  "smtp.mailbox_full": false,
  "smtp.no_mailbox_rights": false,
  "smtp.not_authenticated": false,
  "smtp.policy_refused": false,
  "smtp.recipient_quota": true,
  "smtp.refused": false,
  "smtp.security_defaults": false,
  "smtp.send_as_denied": false,
  "smtp.sender_blocked": false,
  "smtp.sender_refused": false,
  "pop3.authentication_failure": false,
  "pop3.mailbox_locked": true,
  "pop3.mailbox_refused": false,
  "pop3.protocol_error": false,
  "pop3.refused": false,
  "postkey.aborted": true,
  "postkey.unexpected": false,
} as const;

export type MailRemedyId = keyof typeof MAIL_FAILURES;

export function mailFailure(
  remedyId: MailRemedyId,
  facts: Pick<MailFailure, "serverText" | "code"> = {},
): MailFailure {
  return { remedyId, retryable: MAIL_FAILURES[remedyId], ...facts };
}
