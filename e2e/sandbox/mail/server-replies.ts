type Protocol = "imap" | "pop3" | "smtp";

/** `open` is the first command after the sign-in that looks into the mailbox. */
export type Moment = "greeting" | "authenticate" | "open" | "sender" | "data";

/** What a server says instead of its own answer, word for word. */
export interface ServerReply {
  /** Of the fault: `reply:` with place, moment, the entry of the error catalogue, and a variant. */
  id: string;
  place: Protocol;
  at: Moment;
  /** One string a turn; after each but the last one the client is heard. `{tag}` is IMAP's. */
  turns: readonly string[];
}

const TENANT_OFF =
  "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [SANDBOX.LOCALHOST]";
const MAILBOX_OFF =
  "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information. [SANDBOX.LOCALHOST]";
/** Google's challenge to a token that it refuses: status, schemes and scope in JSON. */
const CHALLENGE =
  "eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==";
const PROTOCOL_ERROR = "-ERR Protocol error. Connection is closed. 10";
const SEND_AS_DENIED =
  "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent exception with message Cannot submit message.";

const REPLIES: Readonly<Record<Protocol, Partial<Record<Moment, Record<string, string[]>>>>> = {
  imap: {
    greeting: {
      "imap.bye": ["* BYE Connection closed. 14"],
      "imap.preauthenticated": ["* PREAUTH IMAP4rev1 server ready"],
      "mail.wrong_service": ["HTTP/1.1 400 Bad Request"],
    },
    authenticate: {
      "imap.authenticate_failed": ["{tag} NO AUTHENTICATE failed."],
      "imap.authenticate_failed:google": [
        "{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)",
      ],
      "imap.authenticate_failed:challenge": [
        `+ ${CHALLENGE}`,
        "{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)",
      ],
      "imap.basic_auth_off": ["{tag} NO LOGIN failed."],
      "imap.login_disabled": ["{tag} NO [PRIVACYREQUIRED] Use a secure connection."],
      "password.app_password": [
        "{tag} NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)",
      ],
      "password.refused": ["{tag} NO [AUTHENTICATIONFAILED] Authentication failed."],
      "mail.throttled": ["* BYE Too many simultaneous connections. 11"],
      "mail.throttled:limit": ["{tag} NO MailboxConcurrencyLimit: too many connections. 17"],
      "mail.throttled:backoff": [
        "{tag} NO Request is throttled. Suggested Backoff Time: 89117 milliseconds",
      ],
      "mail.temporary": ["{tag} NO [UNAVAILABLE] Server Unavailable. 15"],
      "mail.temporary:words": ["{tag} NO Server Unavailable. 15"],
      "mail.contact_admin": ["{tag} NO [CONTACTADMIN] The mailbox is locked."],
      "imap.not_authorised": ["{tag} NO [AUTHORIZATIONFAILED] No such authorization-ID."],
      "imap.bad_command": ["{tag} BAD Command Argument Error. 11"],
      "token.expired:code": ["{tag} NO [EXPIRED] The token has expired."],
      "token.too_long": ["{tag} BAD Command line too long"],
      "password.expired": ["{tag} NO [EXPIRED] LOGIN failed: the password has expired."],
    },
    open: {
      "mail.temporary:open": ["{tag} NO Server Unavailable. 15"],
      "imap.not_connected": [
        "{tag} BAD User is authenticated but not connected.\r\n* BYE Connection closed. 14",
      ],
      "imap.bye": ["* BYE Connection closed. 14"],
      "token.expired": ["* BYE Session invalidated - AccessTokenExpired"],
      "imap.mailbox_refused": ["{tag} NO [NONEXISTENT] INBOX doesn't exist."],
      "imap.bad_command:open": ["{tag} BAD Command Argument Error. 11"],
    },
  },
  pop3: {
    greeting: {
      "pop3.refused": ["-ERR Connection refused."],
      "mail.wrong_service": ["HTTP/1.1 400 Bad Request"],
    },
    authenticate: {
      "pop3.protocol_error": [PROTOCOL_ERROR],
      "pop3.authentication_failure": [
        "-ERR Authentication failure: unknown user name or bad password.",
      ],
      "pop3.authentication_failure:challenge": [
        `+ ${CHALLENGE}`,
        "-ERR [AUTH] Username and password not accepted.",
      ],
      "pop3.mailbox_locked": ["-ERR [IN-USE] Do you have another POP session running?"],
      "password.refused": ["-ERR Logon failure: unknown user name or bad password."],
      "password.app_password": ["-ERR [AUTH] Application-specific password required"],
      "mail.throttled": ["-ERR [LOGIN-DELAY] Too many simultaneous connections."],
      "mail.temporary": ["-ERR [SYS/TEMP] Server Unavailable. 15"],
      "mail.temporary:words": ["-ERR Server Unavailable. 15"],
      "mail.contact_admin": ["-ERR [SYS/PERM] The mailbox is disabled."],
      "mail.protocol_error": ["250 this is no POP3"],
      "pop3.not_connected": ["-ERR User is authenticated but not connected."],
    },
    open: {
      "pop3.mailbox_refused": ["-ERR The mailbox cannot be opened."],
      "pop3.not_connected:open": ["-ERR User is authenticated but not connected."],
    },
  },
  smtp: {
    greeting: {
      "smtp.client_refused": ["554 5.7.1 Service unavailable; client host blocked"],
      "mail.wrong_service": ["HTTP/1.1 400 Bad Request"],
      "mail.temporary": ["421 4.3.2 Service not available"],
      "mail.throttled:greeting": [
        "421 4.7.0 Too many concurrent SMTP connections; please try again later.",
      ],
    },
    authenticate: {
      "smtp.auth_unsuccessful": ["535 5.7.3 Authentication unsuccessful [SANDBOX.LOCALHOST]"],
      "smtp.auth_unsuccessful:challenge": [
        `334 ${CHALLENGE}`,
        "535-5.7.8 Username and Password not accepted.\r\n535 5.7.8 https://support.google.com/mail/?p=BadCredentials",
      ],
      "smtp.auth_disabled_tenant": [TENANT_OFF],
      "smtp.auth_disabled_mailbox": [MAILBOX_OFF],
      "smtp.basic_auth_retired": [
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [SANDBOX.LOCALHOST]",
      ],
      "smtp.basic_auth_retired:5.7.30": [
        "550 5.7.30 Basic authentication is not supported for Client Submission.",
      ],
      "smtp.policy_refused": [
        "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator. [SANDBOX.LOCALHOST]",
      ],
      "smtp.security_defaults": [
        "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator. [SANDBOX.LOCALHOST]",
      ],
      "smtp.auth_not_offered": ["504 5.7.4 Unrecognized authentication type"],
      "smtp.not_connected": ["430 4.2.0 STOREDRV; mailbox logon failure"],
      "password.refused": ["535 5.7.8 Error: authentication failed"],
      "password.app_password": ["534 5.7.9 Application-specific password required."],
      "mail.throttled": [
        "432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information. [SANDBOX.LOCALHOST]",
      ],
      "mail.throttled:thread": ["432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded"],
      "mail.throttled:421": [
        "421 4.3.2 The maximum number of concurrent server connections has exceeded a limit, closing transmission channel",
      ],
      "token.too_long": ["500 5.5.2 Line too long"],
      "smtp.refused:authenticate": ["555 5.5.2 Syntax error, goodbye."],
      "mail.temporary:421": ["421 4.7.0 Temporary server error. Please try again later."],
      "mail.temporary:451": ["451 4.7.500 Server busy. Please try again later."],
    },
    sender: {
      "smtp.not_authenticated": [
        "530 5.7.57 Client not authenticated to send mail. Error: 535 5.7.3 Authentication unsuccessful",
      ],
      "smtp.send_as_denied": [
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
      ],
      "smtp.sender_refused": ["553 5.1.7 Invalid address"],
      "smtp.sender_blocked": ["550 5.1.8 Access denied, bad outbound sender"],
      "smtp.sender_blocked:5.7.501": [
        "550 5.7.501 Access denied, spam abuse detected. The sending account has been banned.",
      ],
      "smtp.tenant_blocked": ["550 5.7.705 Access denied, tenant has exceeded threshold"],
      "smtp.address_refused": [
        "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.",
      ],
      "smtp.address_refused:5.7.606": ["550 5.7.606 Access denied, banned sending IP [192.0.2.1]."],
      "mail.temporary:sender": ["451 4.7.500 Server busy. Please try again later."],
    },
    data: {
      "smtp.send_as_denied:5.2.252": [
        "554 5.2.252 SendAsDenied; alice@contoso.test not allowed to send as support@contoso.test",
      ],
      "smtp.send_as_denied:5.2.0": [SEND_AS_DENIED],
      "smtp.mailbox_full": ["554 5.2.2 mailbox full; STOREDRV.Deliver; quota exceeded"],
      "smtp.recipient_quota": [
        "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
      ],
      "smtp.sender_blocked:data": ["550 5.1.8 Access denied, bad outbound sender"],
      "smtp.refused": ["554 5.6.0 The message content is not acceptable."],
    },
  },
};

export const SERVER_REPLIES: readonly ServerReply[] = Object.entries(REPLIES).flatMap(
  ([place, moments]) =>
    Object.entries(moments).flatMap(([at, replies]) =>
      Object.entries(replies).map(([row, turns]) => ({
        id: `reply:${place}:${at}:${row}`,
        // Object.entries forgets the key types that REPLIES was declared with.
        place: place as Protocol,
        at: at as Moment,
        turns,
      })),
    ),
);
