import { imapSession } from "./mail/imap";
import { pop3Session } from "./mail/pop3";
import type { MailServerOptions } from "./mail/server";
import { smtpSession } from "./mail/smtp";

export type MailPort =
  | "imap"
  | "pop3"
  | "smtp"
  | "customImap"
  | "customPop3"
  | "customSmtp"
  | "gmailImap"
  | "gmailPop3"
  | "gmailSmtp";

type MailServer = Omit<MailServerOptions, "certificates" | "port"> & { name: MailPort };

/** Exchange Online's three, three that know passwords with the other kind of TLS, and Gmail's. */
export const MAIL_SERVERS: readonly MailServer[] = [
  { name: "imap", protocol: "imap", flavour: "exchange", tls: "implicit", session: imapSession },
  { name: "pop3", protocol: "pop3", flavour: "exchange", tls: "implicit", session: pop3Session },
  { name: "smtp", protocol: "smtp", flavour: "exchange", tls: "starttls", session: smtpSession },
  {
    name: "customImap",
    protocol: "imap",
    flavour: "password",
    tls: "starttls",
    session: imapSession,
  },
  {
    name: "customPop3",
    protocol: "pop3",
    flavour: "password",
    tls: "starttls",
    session: pop3Session,
  },
  {
    name: "customSmtp",
    protocol: "smtp",
    flavour: "password",
    tls: "implicit",
    session: smtpSession,
  },
  { name: "gmailImap", protocol: "imap", flavour: "google", tls: "implicit", session: imapSession },
  { name: "gmailPop3", protocol: "pop3", flavour: "google", tls: "implicit", session: pop3Session },
  { name: "gmailSmtp", protocol: "smtp", flavour: "google", tls: "starttls", session: smtpSession },
];
