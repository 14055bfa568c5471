import { CONVERSATION_REMEDIES } from "./mail-conversation";
import { IMAP_REMEDIES } from "./mail-imap";
import { PASSWORD_REMEDIES } from "./mail-password";
import { POP3_REMEDIES } from "./mail-pop3";
import { SMTP_REMEDIES } from "./mail-smtp";
import { SMTP_SENDER_REMEDIES } from "./mail-smtp-sender";
import { TLS_REMEDIES } from "./mail-tls";
import { TOKEN_REMEDIES } from "./mail-token";
import { TRANSPORT_REMEDIES } from "./mail-transport";
import type { Entry } from "./remedy";

/** What a connection test can fail with (`lib/mail`). */
export const MAIL_REMEDIES: readonly Entry[] = [
  ...TRANSPORT_REMEDIES,
  ...TLS_REMEDIES,
  ...CONVERSATION_REMEDIES,
  ...IMAP_REMEDIES,
  ...SMTP_REMEDIES,
  ...SMTP_SENDER_REMEDIES,
  ...POP3_REMEDIES,
  ...TOKEN_REMEDIES,
  ...PASSWORD_REMEDIES,
];
