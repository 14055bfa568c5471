import { EXCHANGE_READING } from "./exchange-reading";
import { EXCHANGE_PASSWORDS, EXCHANGE_SENDING } from "./exchange-sending";
import { GMAIL_REMEDIES } from "./gmail";
import { CONVERSATION_REMEDIES } from "./mail-conversation";
import { IMAP_REMEDIES } from "./mail-imap";
import { PASSWORD_REMEDIES } from "./mail-password";
import { POP3_REMEDIES } from "./mail-pop3";
import { SMTP_REMEDIES } from "./mail-smtp";
import { SMTP_SENDER_REMEDIES } from "./mail-smtp-sender";
import { TLS_REMEDIES } from "./mail-tls";
import { TOKEN_EXPIRED, TOKEN_REMEDIES } from "./mail-token";
import { TRANSPORT_REMEDIES } from "./mail-transport";
import type { Written } from "./remedy";
import { at, GOOGLE, MICROSOFT } from "./services";

/** What any mail server can say. */
const OF_ANY = [
  ...TRANSPORT_REMEDIES,
  ...TLS_REMEDIES,
  ...CONVERSATION_REMEDIES,
  ...IMAP_REMEDIES,
  ...SMTP_REMEDIES,
  ...SMTP_SENDER_REMEDIES,
  ...POP3_REMEDIES,
  TOKEN_EXPIRED,
  ...PASSWORD_REMEDIES,
] as const;
const OF_EXCHANGE = [...EXCHANGE_READING, ...EXCHANGE_SENDING, ...EXCHANGE_PASSWORDS] as const;

/** What a connection test can fail with (`lib/mail`). */
export const MAIL_REMEDIES: readonly Written[] = [
  ...OF_ANY,
  ...at(MICROSOFT, [...OF_EXCHANGE, ...TOKEN_REMEDIES]),
  ...at(GOOGLE, GMAIL_REMEDIES),
];

/** What a server's words can mean. */
export type MailRemedyId =
  | (typeof OF_ANY | typeof OF_EXCHANGE | typeof GMAIL_REMEDIES)[number]["id"]
  | "token.too_long";
