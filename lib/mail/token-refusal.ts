import type { Protocol } from "@/lib/egress/protocols/schema";
import { words } from "@/lib/kernel/words";
import {
  allows,
  isOfApplication,
  type MailTokens,
  type TokenClaims,
} from "@/lib/oauth/mail-tokens";
import type { TokenRemedyId } from "@/lib/remedies/mail-token";
import type { MailRemedyId } from "./probe-failure";
import type { TokenNeed } from "./schema";

export type Refusal = {
  /** Undefined for an opaque token. */
  claims: TokenClaims | undefined;
  /** Null if the platform's tokens are opaque. */
  tokens: MailTokens | null;
  tokenLength: number;
  protocol: Protocol;
  remedyId: string;
  scopeHost: string;
  user: string;
  mailbox: string;
  isAppOnly: boolean;
  clientId: string | null;
  /** Tokens of personal accounts are opaque. */
  isReadable: boolean;
  now: Date;
};

/** Servers never say why. Undefined when the token looks right, or the server did say. */
export function explainRefusal(refusal: Refusal): TokenRemedyId | "token.expired" | undefined {
  const { protocol, tokenLength, remedyId } = refusal;
  if (tokenLength > LONGEST[protocol] && CHOKES.has(remedyId)) return "token.too_long";
  if (!VAGUE.has(remedyId)) return undefined;
  const { claims, tokens } = refusal;
  if (!claims || !tokens) return refusal.isReadable ? "token.unreadable" : undefined;
  return faultOf(claims, tokens, refusal);
}

/** Refusals without a cause; any stated cause is believed. */
const VAGUE: ReadonlySet<string> = new Set<MailRemedyId>(
  words(
    "imap.authenticate_failed imap.bad_command imap.not_authorised imap.not_connected",
    "mail.protocol_error pop3.authentication_failure pop3.not_connected pop3.protocol_error",
    "smtp.auth_unsuccessful smtp.not_connected smtp.policy_refused",
  ),
);

function faultOf(claims: TokenClaims, tokens: MailTokens, refusal: Refusal) {
  const { protocol, scopeHost, isAppOnly, clientId, now } = refusal;
  if (claims.expiresAt && claims.expiresAt <= now) return "token.expired";
  if (claims.notBefore && claims.notBefore > now) return "token.not_yet_valid";
  if (!tokens.isForMailServers(claims, scopeHost)) return "token.wrong_audience";
  if (isOfOtherApp(claims, clientId)) return "token.other_app";
  if (claims.isGuest) return "token.guest";
  if (!allows(claims, tokens.permissions[protocol]))
    return `token.missing_${isAppOnly ? "role" : "scope"}_${SHORT[protocol]}` as const;
  return isOtherUser(claims, refusal) ? "token.other_user" : undefined;
}

const SHORT = { imap: "imap", pop3: "pop", smtp: "smtp" } as const;

function isOfOtherApp({ appId }: TokenClaims, clientId: string | null): boolean {
  return appId !== undefined && clientId !== null && appId.toLowerCase() !== clientId.toLowerCase();
}

/** SMTP wants the token's owner; IMAP and POP3 the mailbox, which a delegate may open. */
function isOtherUser(claims: TokenClaims, { protocol, user, mailbox }: Refusal): boolean {
  const owner = claims.user?.toLowerCase();
  if (owner === undefined) return false;
  const accepted = protocol === "smtp" ? [user] : [user, mailbox];
  return !accepted.some((name) => name.toLowerCase() === owner);
}

/** Exchange Online's POP3: 4,096. Elsewhere base64 must fit 12,288 octets (RFC 4954 §4). */
const LONGEST = { imap: 9_000, smtp: 9_000, pop3: 4_096 } as const;

const CHOKES: ReadonlySet<string> = new Set<MailRemedyId>(
  words(
    "imap.bad_command imap.bye mail.connection_lost mail.protocol_error pop3.protocol_error",
    "pop3.refused smtp.auth_not_offered smtp.refused",
  ),
);

export type TokenNeeds = {
  claims: TokenClaims;
  tokens: MailTokens;
  protocols: readonly Protocol[];
  scopeHost: string;
  login: string;
  isAppOnly: boolean;
  /** A name for several tenants requires none. */
  tenantId: string | null;
  clientId: string | null;
  at: Date;
};

export function tokenNeeds(needs: TokenNeeds): TokenNeed[] {
  const { claims, tokens, protocols, scopeHost } = needs;
  return [
    {
      what: "Made for",
      needs: scopeHost,
      has: claims.audience ?? NOT_SAID,
      isMet: tokens.isForMailServers(claims, scopeHost),
    },
    ...applicationNeed(needs),
    ...protocols.flatMap((protocol) => permissionNeed(needs, protocol)),
    ownerNeed(needs),
    ...timeNeeds(needs),
    ...tenantNeed(needs),
  ];
}

const NOT_SAID = "not said";
const AN_APPLICATION = "an application";
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function applicationNeed({ claims: { appId }, clientId }: TokenNeeds): TokenNeed[] {
  if (clientId === null || appId === undefined) return [];
  const isMet = appId.toLowerCase() === clientId.toLowerCase();
  return [{ what: "Issued to", needs: clientId, has: appId, isMet }];
}

function permissionNeed(
  { claims, tokens, isAppOnly }: TokenNeeds,
  protocol: Protocol,
): TokenNeed[] {
  const permission = tokens.permissions[protocol];
  const needs = isAppOnly ? permission.application : permission.delegated;
  const isMet = allows(claims, permission);
  // A role of Exchange Online may give it without a word here.
  if (!isMet && isAppOnly && protocol === "smtp") return [];
  const others = [...claims.scopes, ...claims.roles].map((scope) => scope.replace(/^.*\//, ""));
  const has = isMet ? needs : others.join(" ").slice(0, 300) || "no permission";
  return [{ what: `${protocol.toUpperCase()} permission`, needs, has, isMet }];
}

function ownerNeed({ claims, login, isAppOnly }: TokenNeeds): TokenNeed {
  const { user, isGuest } = claims;
  const owner = user ?? (isOfApplication(claims) ? AN_APPLICATION : NOT_SAID);
  return {
    what: "Whose",
    needs: isAppOnly ? AN_APPLICATION : login,
    has: isGuest ? `${owner}, a guest` : owner,
    isMet: isAppOnly ? user === undefined : !isGuest && user?.toLowerCase() === login.toLowerCase(),
  };
}

function timeNeeds({ claims: { notBefore, expiresAt }, at }: TokenNeeds): TokenNeed[] {
  const until = {
    what: "Valid until",
    needs: `after ${at.toISOString()}`,
    has: expiresAt?.toISOString() ?? NOT_SAID,
    isMet: expiresAt !== undefined && expiresAt > at,
  };
  if (notBefore === undefined || notBefore <= at) return [until];
  const needs = `before ${at.toISOString()}`;
  return [{ what: "Valid from", needs, has: notBefore.toISOString(), isMet: false }, until];
}

function tenantNeed({ claims, tenantId }: TokenNeeds): TokenNeed[] {
  if (tenantId === null || !GUID.test(tenantId)) return [];
  const isMet = claims.tenantId?.toLowerCase() === tenantId.toLowerCase();
  return [{ what: "Tenant", needs: tenantId, has: claims.tenantId ?? NOT_SAID, isMet }];
}
