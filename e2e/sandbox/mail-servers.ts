import { imapSession } from "./mail/imap";
import { pop3Session } from "./mail/pop3";
import type { MailServerOptions } from "./mail/server";
import { smtpSession } from "./mail/smtp";

/** Exchange Online's three, three that know passwords with the other kind of TLS, and Gmail's. */
const TABLE = [
  ["imap", "imap", "exchange", "implicit"],
  ["pop3", "pop3", "exchange", "implicit"],
  ["smtp", "smtp", "exchange", "starttls"],
  ["customImap", "imap", "password", "starttls"],
  ["customPop3", "pop3", "password", "starttls"],
  ["customSmtp", "smtp", "password", "implicit"],
  ["gmailImap", "imap", "google", "implicit"],
  ["gmailPop3", "pop3", "google", "implicit"],
  ["gmailSmtp", "smtp", "google", "starttls"],
] as const;

export type MailPort = (typeof TABLE)[number][0];

const SESSIONS = { imap: imapSession, pop3: pop3Session, smtp: smtpSession };

export const MAIL_SERVERS: readonly (MailServerOptions & { name: MailPort })[] = TABLE.map(
  ([name, protocol, flavour, tls]) => {
    return { name, protocol, flavour, tls, session: SESSIONS[protocol] };
  },
);
