import { z } from "zod";
import type { Protocol } from "@/lib/egress/schema";
import { SECOND_MS } from "@/lib/kernel/clock";

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
  /** From when on it is valid (`nbf`). */
  notBefore: Date | undefined;
  expiresAt: Date | undefined;
  tenantId: string | undefined;
  /** The application that it was issued to (`appid`, in newer tokens `azp`). */
  appId: string | undefined;
  /** Whether a guest of the tenant signed in, whose mailbox is elsewhere. */
  isGuest: boolean;
};

/** Groups and optional claims make tokens long; a longer text is not a token. */
const MAX_TOKEN_LENGTH = 64 * 1024;

const text = z.string().optional().catch(undefined);
const seconds = z.number().min(0).max(8.64e12).optional().catch(undefined);
const list = z
  .union([z.string().transform((value) => value.split(/\s+/)), z.array(z.string())])
  // Most tokens have one of the two lists: a missing one is no error, which would cost more than the rest.
  .optional()
  .catch([])
  .transform((values = []) => values.filter((value) => value !== ""));

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
  nbf: seconds,
  exp: seconds,
  tid: text,
  appid: text,
  azp: text,
  acct: z.number().optional().catch(undefined),
});

/** The claims of a JWT (RFC 7519), or undefined for a token that is opaque or damaged. */
export function readTokenClaims(accessToken: string): TokenClaims | undefined {
  const [, payload, signature] = accessToken.split(".");
  if (payload === undefined || signature === undefined) return undefined;
  if (accessToken.length > MAX_TOKEN_LENGTH) return undefined;
  const parsed = payloadSchema.safeParse(parseSegment(payload));
  if (!parsed.success) return undefined;
  const { aud, scp, roles, nbf, exp, tid, appid, azp, acct, ...names } = parsed.data;
  const user = names.upn ?? names.unique_name ?? names.preferred_username;
  return {
    audience: aud,
    scopes: scp,
    roles,
    user,
    notBefore: dateOf(nbf),
    expiresAt: dateOf(exp),
    tenantId: tid,
    appId: appid ?? azp,
    // A guest's user principal name is made of the address at home: alice_home.test#EXT#@here.test
    isGuest: acct === 1 || /#EXT#/i.test(user ?? ""),
  };
}

function dateOf(epochSeconds: number | undefined): Date | undefined {
  return epochSeconds === undefined ? undefined : new Date(epochSeconds * SECOND_MS);
}

/** What each protocol asks for: from a person who signed in, and from an application by itself. */
export const MAIL_PERMISSIONS = {
  imap: { delegated: "IMAP.AccessAsUser.All", application: "IMAP.AccessAsApp" },
  pop3: { delegated: "POP.AccessAsUser.All", application: "POP.AccessAsApp" },
  smtp: { delegated: "SMTP.Send", application: "SMTP.SendAsApp" },
} as const satisfies Record<Protocol, { delegated: string; application: string }>;

/** Whether a token is the application's own, which has roles where a person's has scopes. */
export function isOfApplication({ user, scopes, roles }: TokenClaims): boolean {
  return user === undefined && (roles.length > 0 || scopes.length === 0);
}

/** Whether a token allows a protocol, in whichever of the two ways. */
export function allowsProtocol({ scopes, roles }: TokenClaims, protocol: Protocol): boolean {
  const { delegated, application } = MAIL_PERMISSIONS[protocol];
  return (
    scopes.some((scope) => nameOf(scope) === delegated.toLowerCase()) ||
    roles.some((role) => nameOf(role) === application.toLowerCase())
  );
}

/** A permission without its resource: `https://outlook.office.com/SMTP.Send` is `smtp.send`. */
function nameOf(scope: string): string {
  return scope.slice(scope.lastIndexOf("/") + 1).toLowerCase();
}

/** Exchange Online's own resource: by either of its names, or by its application id. */
const EXCHANGE_ONLINE = [
  "outlook.office.com",
  "outlook.office365.com",
  "00000002-0000-0ff1-ce00-000000000000",
];

/** @param scopeHost the resource of the provider's cloud, e.g. `https://outlook.office.com` */
export function isForMailServers({ audience }: TokenClaims, scopeHost: string): boolean {
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

function parseSegment(segment: string): unknown {
  try {
    return JSON.parse(Buffer.from(segment, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
