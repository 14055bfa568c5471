import type { Protocol } from "@/lib/egress/schema";
import { allows, type MailTokens, type TokenClaims } from "@/lib/oauth/mail-tokens";
import type { TokenRemedyId } from "@/lib/remedies/mail-token";
import type { MailRemedyId } from "./mail-failures";

export type Refusal = {
  /** Undefined for a token that says nothing about itself. */
  claims: TokenClaims | undefined;
  /** How the platform's tokens are read; null where none says anything. */
  tokens: MailTokens | null;
  /** In characters. */
  tokenLength: number;
  protocol: Protocol;
  /** What the server's words mean by themselves. */
  remedyId: string;
  /** Resource of the provider's cloud, e.g. `https://outlook.office.com`. */
  scopeHost: string;
  /** Who is to have signed in; over SMTP the user name that was sent. */
  user: string;
  /** The address of the mailbox under test. */
  mailbox: string;
  /** Whether the application signed in by itself. */
  isAppOnly: boolean;
  /** Application (client) ID of the registration, where it is known. */
  clientId: string | null;
  /** Whether tokens of this tenant can be read; those of personal accounts cannot. */
  isReadable: boolean;
  now: Date;
};

/**
 * Why a mail server may have refused this token: the servers themselves never say. Undefined when
 * the token looks right, so that the fault is on the other side, and when the server did say.
 */
export function explainRefusal(refusal: Refusal): TokenRemedyId | "token.expired" | undefined {
  if (isTooLong(refusal)) return "token.too_long";
  if (!VAGUE.has(refusal.remedyId)) return undefined;
  const { claims, tokens } = refusal;
  if (!claims || !tokens) return refusal.isReadable ? "token.unreadable" : undefined;
  return faultOf(claims, tokens, refusal);
}

/** Refusals of which the server says no cause. What says one is believed. */
const VAGUE: ReadonlySet<string> = new Set<MailRemedyId>([
  "imap.authenticate_failed",
  "imap.bad_command",
  "imap.not_authorised",
  "imap.not_connected",
  "mail.protocol_error",
  "pop3.authentication_failure",
  "pop3.not_connected",
  "pop3.protocol_error",
  "smtp.auth_unsuccessful",
  "smtp.not_connected",
  "smtp.policy_refused",
]);

function faultOf(
  claims: TokenClaims,
  tokens: MailTokens,
  refusal: Refusal,
): TokenRemedyId | "token.expired" | undefined {
  const { protocol, scopeHost, isAppOnly, clientId, now } = refusal;
  if (claims.expiresAt && claims.expiresAt <= now) return "token.expired";
  if (claims.notBefore && claims.notBefore > now) return "token.not_yet_valid";
  if (!tokens.isForMailServers(claims, scopeHost)) return "token.wrong_audience";
  if (isOfOtherApp(claims, clientId)) return "token.other_app";
  if (claims.isGuest) return "token.guest";
  if (!allows(claims, tokens.permissions[protocol])) return (isAppOnly ? ROLE : SCOPE)[protocol];
  return isOtherUser(claims, refusal) ? "token.other_user" : undefined;
}

const SCOPE = {
  imap: "token.missing_scope_imap",
  pop3: "token.missing_scope_pop",
  smtp: "token.missing_scope_smtp",
} as const;

const ROLE = {
  imap: "token.missing_role_imap",
  pop3: "token.missing_role_pop",
  smtp: "token.missing_role_smtp",
} as const;

function isOfOtherApp({ appId }: TokenClaims, clientId: string | null): boolean {
  return appId !== undefined && clientId !== null && appId.toLowerCase() !== clientId.toLowerCase();
}

/**
 * SMTP takes the owner of the token as user name, whatever address is sent from. IMAP and POP3
 * take the mailbox, which a delegate with Full Access may open: a hint, not a certainty.
 */
function isOtherUser(claims: TokenClaims, { protocol, user, mailbox }: Refusal): boolean {
  const owner = claims.user?.toLowerCase();
  if (owner === undefined) return false;
  const accepted = protocol === "smtp" ? [user] : [user, mailbox];
  return !accepted.some((name) => name.toLowerCase() === owner);
}

/**
 * In characters, from which on a server refuses a token whatever it says. Exchange Online's POP3:
 * 4,096. Elsewhere the response, in base64, has to fit into the 12,288 octets of RFC 4954 §4.
 */
const LONGEST = { imap: 9_000, smtp: 9_000, pop3: 4_096 } as const;

/** How a server behaves to a line that is too long for it. */
const CHOKES: ReadonlySet<string> = new Set<MailRemedyId>([
  "imap.bad_command",
  "imap.bye",
  "mail.connection_lost",
  "mail.protocol_error",
  "pop3.protocol_error",
  "pop3.refused",
  "smtp.auth_not_offered",
  "smtp.refused",
]);

function isTooLong({ protocol, tokenLength, remedyId }: Refusal): boolean {
  return tokenLength > LONGEST[protocol] && CHOKES.has(remedyId);
}
