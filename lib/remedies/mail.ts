import { EXCHANGE_PASSWORDS, EXCHANGE_READING } from "./exchange-reading";
import { EXCHANGE_SENDING } from "./exchange-sending";
import { GMAIL_REMEDIES } from "./google";
import type { GRAPH_REMEDIES } from "./graph";
import type { GRAPH_SENDING } from "./graph-sending";
import { ACCOUNT_REMEDIES } from "./mail-account";
import { CONVERSATION_REMEDIES, NETWORK_REMEDIES } from "./mail-connection";
import { TOKEN_EXPIRED, TOKEN_REMEDIES } from "./mail-token";
import type { Written } from "./remedy";
import { at, GOOGLE, MICROSOFT } from "./services";

const OF_ANY = [...NETWORK_REMEDIES, ...ACCOUNT_REMEDIES, ...CONVERSATION_REMEDIES, TOKEN_EXPIRED];
const OF_EXCHANGE = [...EXCHANGE_READING, ...EXCHANGE_SENDING, ...EXCHANGE_PASSWORDS];

export const MAIL_REMEDIES: readonly Written[] = [
  ...OF_ANY,
  ...at(MICROSOFT, [...OF_EXCHANGE, ...TOKEN_REMEDIES]),
  ...at(GOOGLE, GMAIL_REMEDIES),
];

export type MailRemedyId =
  | (typeof OF_ANY | typeof OF_EXCHANGE | typeof GMAIL_REMEDIES)[number]["id"]
  | (typeof GRAPH_REMEDIES | typeof GRAPH_SENDING)[number]["id"]
  | "token.too_long"
  | "postkey.platform_certificate";
