import { z } from "zod";
import { SECOND_MS } from "@/lib/clock";
import type { MailProtocol } from "./report";

/**
 * What an access token says about itself. Decoded to explain a refusal, never to grant anything:
 * the signature is not verified here, and the token is never shown.
 */
export type TokenClaims = {
  audience: string | undefined;
  /** Delegated permissions (`scp`). */
  scopes: string[];
  /** Application permissions (`roles`). */
  roles: string[];
  /** Who signed in; absent in app-only tokens. */
  user: string | undefined;
  expiresAt: Date | undefined;
  tenantId: string | undefined;
};

/** Microsoft's tokens may become long; what is longer than this is not one. */
const MAX_TOKEN_LENGTH = 16 * 1024;

const text = z.string().optional().catch(undefined);
const list = z
  .union([z.string().transform((value) => value.split(/\s+/)), z.array(z.string())])
  .catch([])
  .transform((values) => values.filter((value) => value !== ""));

const payloadSchema = z.object({
  aud: z
    .union([z.string(), z.array(z.string()).transform(([first]) => first)])
    .optional()
    .catch(undefined),
  scp: list,
  roles: list,
  upn: text,
  unique_name: text,
  preferred_username: text,
  exp: z.number().min(0).max(8.64e12).optional().catch(undefined),
  tid: text,
});

/** The claims of a JWT (RFC 7519), or undefined for a token that is opaque or damaged. */
export function readTokenClaims(accessToken: string): TokenClaims | undefined {
  const [, payload, signature] = accessToken.split(".");
  if (payload === undefined || signature === undefined) return undefined;
  if (accessToken.length > MAX_TOKEN_LENGTH) return undefined;
  const parsed = payloadSchema.safeParse(parseSegment(payload));
  if (!parsed.success) return undefined;
  const { aud, scp, roles, exp, tid, ...names } = parsed.data;
  return {
    audience: aud,
    scopes: scp,
    roles,
    user: names.upn ?? names.unique_name ?? names.preferred_username,
    expiresAt: exp === undefined ? undefined : new Date(exp * SECOND_MS),
    tenantId: tid,
  };
}

/** What a mail server asks of a token, beside what this one has. */
export type TokenNeed = { what: string; needs: string; has: string; isMet: boolean };

type Needs = {
  claims: TokenClaims;
  protocols: readonly MailProtocol[];
  scopeHost: string;
  /** Who is to have signed in. */
  login: string;
  /** Of the registration; a name that stands for several tenants asks for none. */
  tenantId: string | null;
  /** When the token was used. */
  at: Date;
};

/** The token in words, a row for each thing that the servers look at. */
export function tokenNeeds(needs: Needs): TokenNeed[] {
  const { claims, protocols, scopeHost, login, tenantId, at } = needs;
  const { audience, user, expiresAt } = claims;
  const isOfApp = isAppOnly(claims);
  const tenants = tenantId !== null && GUID.test(tenantId) ? [tenantId] : [];
  return [
    {
      ...{ what: "Made for", needs: scopeHost, has: audience ?? NOT_SAID },
      isMet: isMailResource(audience, scopeHost),
    },
    ...protocols.map((protocol) => permissionNeed(claims, protocol)),
    {
      ...{ what: "Whose", needs: isOfApp ? "an application" : login },
      ...{ has: user ?? (isOfApp ? "an application" : NOT_SAID) },
      isMet: isOfApp || user?.toLowerCase() === login.toLowerCase(),
    },
    {
      ...{ what: "Valid until", needs: `after ${at.toISOString()}` },
      has: expiresAt?.toISOString() ?? NOT_SAID,
      isMet: expiresAt !== undefined && expiresAt > at,
    },
    ...tenants.map((tenant) => ({
      ...{ what: "Tenant", needs: tenant, has: claims.tenantId ?? NOT_SAID },
      isMet: claims.tenantId?.toLowerCase() === tenant.toLowerCase(),
    })),
  ];
}

const NOT_SAID = "not said";
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function isAppOnly({ user, roles }: TokenClaims): boolean {
  return user === undefined && roles.length > 0;
}

function permissionNeed(claims: TokenClaims, protocol: MailProtocol): TokenNeed {
  const { delegated, application } = PERMISSIONS[protocol];
  const needs = isAppOnly(claims) ? application : delegated;
  const isMet = grants(claims, PERMISSIONS[protocol]);
  const others = [...claims.scopes, ...claims.roles].map((scope) => scope.replace(/^.*\//, ""));
  const has = isMet ? needs : others.join(" ").slice(0, 300) || "no permission";
  return { what: `${protocol.toUpperCase()} permission`, needs, has, isMet };
}

/** Every entry of the catalogue that `explainRefusal` can name. */
export const TOKEN_REMEDY_IDS = [
  "token.expired",
  "token.wrong_audience",
  "token.missing_scope_imap",
  "token.missing_scope_pop",
  "token.missing_scope_smtp",
  "token.other_user",
] as const;

export type TokenRemedyId = (typeof TOKEN_REMEDY_IDS)[number];

export type Refusal = {
  claims: TokenClaims;
  protocol: MailProtocol;
  /** Resource of the provider's cloud, e.g. `https://outlook.office.com`. */
  scopeHost: string;
  /** The SASL user name that was sent. */
  user: string;
  /** The address of the mailbox under test. */
  mailbox: string;
  now: Date;
};

/**
 * Why a mail server may have refused this token: the servers themselves never say. Undefined when
 * the token looks right, so that the fault is on the other side.
 */
export function explainRefusal(refusal: Refusal): TokenRemedyId | undefined {
  const { claims, protocol, scopeHost, now } = refusal;
  if (claims.expiresAt && claims.expiresAt <= now) return "token.expired";
  if (!isMailResource(claims.audience, scopeHost)) return "token.wrong_audience";
  if (!grants(claims, PERMISSIONS[protocol])) return MISSING[protocol];
  return isOtherUser(refusal) ? "token.other_user" : undefined;
}

const PERMISSIONS = {
  imap: { delegated: "IMAP.AccessAsUser.All", application: "IMAP.AccessAsApp" },
  pop3: { delegated: "POP.AccessAsUser.All", application: "POP.AccessAsApp" },
  smtp: { delegated: "SMTP.Send", application: "SMTP.SendAsApp" },
} as const;

const MISSING = {
  imap: "token.missing_scope_imap",
  pop3: "token.missing_scope_pop",
  smtp: "token.missing_scope_smtp",
} as const;

/** Exchange Online's own resource: by either of its names, or by its application id. */
const EXCHANGE_ONLINE = [
  "outlook.office.com",
  "outlook.office365.com",
  "00000002-0000-0ff1-ce00-000000000000",
];

function isMailResource(audience: string | undefined, scopeHost: string): boolean {
  if (audience === undefined) return false;
  const resource = hostOf(audience);
  return resource === hostOf(scopeHost) || EXCHANGE_ONLINE.includes(resource);
}

function hostOf(resource: string): string {
  return resource
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/\/.*$/s, "");
}

function grants(
  { scopes, roles }: TokenClaims,
  { delegated, application }: (typeof PERMISSIONS)[MailProtocol],
): boolean {
  return (
    scopes.some((scope) => nameOf(scope) === delegated.toLowerCase()) ||
    roles.some((role) => nameOf(role) === application.toLowerCase())
  );
}

/** A permission without its resource: `https://outlook.office.com/SMTP.Send` is `smtp.send`. */
function nameOf(scope: string): string {
  return scope.slice(scope.lastIndexOf("/") + 1).toLowerCase();
}

/**
 * SMTP takes the owner of the token as user name, whatever address is sent from. IMAP and POP3
 * take the mailbox, which a delegate with Full Access may open: a hint, not a certainty.
 */
function isOtherUser({ claims, protocol, user, mailbox }: Refusal): boolean {
  const owner = claims.user?.toLowerCase();
  if (owner === undefined) return false;
  const accepted = protocol === "smtp" ? [user] : [user, mailbox];
  return !accepted.some((name) => name.toLowerCase() === owner);
}

function parseSegment(segment: string): unknown {
  try {
    return JSON.parse(Buffer.from(segment, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
