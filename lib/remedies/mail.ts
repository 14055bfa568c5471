import { CONVERSATION_REMEDIES } from "./mail-conversation";
import { CREDENTIAL_REMEDIES } from "./mail-credentials";
import { IMAP_REMEDIES } from "./mail-imap";
import { POP3_REMEDIES } from "./mail-pop3";
import { SMTP_REMEDIES } from "./mail-smtp";
import { TRANSPORT_REMEDIES } from "./mail-transport";
import type { Remedy } from "./remedy";

/** What a connection test can fail with (`lib/mail`). */
export const MAIL_REMEDIES: readonly Remedy[] = [
  ...TRANSPORT_REMEDIES,
  ...CONVERSATION_REMEDIES,
  ...IMAP_REMEDIES,
  ...SMTP_REMEDIES,
  ...POP3_REMEDIES,
  ...CREDENTIAL_REMEDIES,
];
