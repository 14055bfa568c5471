import { z } from "zod";
import { SECOND_MS } from "@/lib/kernel/clock";
import { readJson } from "@/lib/kernel/text/parse-json";
import { refusedBy } from "@/lib/remedies/app-error";
import { GRAPH_PERMISSIONS, type GraphUse } from "../graph-uses";
import type { MailTokens, TokenClaims } from "../mail-tokens";
import { oauthFailure } from "../oauth-failure";
import type { Grant } from "../schema";
import type { PermissionState, Registration } from "../service";

export const IDENTITY_SCOPES = ["openid", "profile", "email", "offline_access"];

/** In request order. Microsoft, "Authenticate an IMAP, POP or SMTP connection using OAuth". */
export const MAIL_PERMISSIONS = {
  imap: { delegated: "IMAP.AccessAsUser.All", application: "IMAP.AccessAsApp" },
  pop3: { delegated: "POP.AccessAsUser.All", application: "POP.AccessAsApp" },
  smtp: { delegated: "SMTP.Send", application: "SMTP.SendAsApp" },
} as const satisfies MailTokens["permissions"];

const OF_EACH_PROTOCOL = Object.values(MAIL_PERMISSIONS);

/** A token request may name one resource only (AADSTS28000). */
const MAIL_SCOPES: readonly string[] = OF_EACH_PROTOCOL.map(({ delegated }) => delegated);

export function requestedScopes({ cloud }: Pick<Registration, "cloud">): string[] {
  return MAIL_SCOPES.map((name) => `${cloud.scopeHost}/${name}`);
}

/** @throws OAuthFailure graph.not_in_cloud */
export function graphOrigin({ cloud }: Pick<Registration, "cloud">): string {
  if (!cloud.graph) throw oauthFailure("fix_registration", "graph.not_in_cloud");
  return new URL(cloud.graph).origin;
}

export function graphScopes(registration: Pick<Registration, "cloud">, uses: readonly GraphUse[]) {
  return uses.map((use) => `${graphOrigin(registration)}/${GRAPH_PERMISSIONS[use]}`);
}

/** Hosts and case do not matter. */
export function missingScopes(granted: readonly string[]): string[] {
  const names = new Set(granted.map((scope) => scope.split("/").at(-1)?.toLowerCase()));
  return MAIL_SCOPES.filter((name) => !names.has(name.toLowerCase()));
}

const APP_ROLES: readonly string[] = OF_EACH_PROTOCOL.map(({ application }) => application);

/** A role of Exchange Online (RBAC for Applications) may give it without a word in the token. */
const SAID_OR_NOT: readonly string[] = [MAIL_PERMISSIONS.smtp.application];

export function missingAppRoles(granted: readonly string[]): string[] {
  return APP_ROLES.filter((name) => !granted.includes(name) && !SAID_OR_NOT.includes(name));
}

export function permissions(grant: Grant, granted: readonly string[]): PermissionState[] {
  const isApp = grant === "app_only";
  const missing = isApp ? missingAppRoles(granted) : missingScopes(granted);
  const isShown = (name: string) => granted.includes(name) || !SAID_OR_NOT.includes(name);
  const needed = isApp ? APP_ROLES.filter(isShown) : MAIL_SCOPES;
  return needed.map((name) => ({ name, isGranted: !missing.includes(name) }));
}

/** Tokens of personal accounts are opaque. */
export const MICROSOFT_MAIL_TOKENS: MailTokens = {
  read: readTokenClaims,
  permissions: MAIL_PERMISSIONS,
  isForMailServers,
};

/** By home address, a guest looks like the mailbox's owner. @throws AppError token.guest */
export function requireMember(accessToken: string): void {
  if (readTokenClaims(accessToken)?.isGuest) throw refusedBy("token.guest", "access_denied");
}

/** Groups and optional claims make tokens long. */
const MAX_TOKEN_LENGTH = 64 * 1024;

const text = z.string().optional().catch(undefined);
const seconds = z.number().min(0).max(8.64e12).optional().catch(undefined);
const list = z
  .union([z.string().transform((value) => value.split(/\s+/)), z.array(z.string())])
  // Most tokens have one of the two lists; an error for the other would cost more than the rest.
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

/** RFC 7519 */
function readTokenClaims(accessToken: string): TokenClaims | undefined {
  const [, payload, signature] = accessToken.split(".");
  if (payload === undefined || signature === undefined) return undefined;
  if (accessToken.length > MAX_TOKEN_LENGTH) return undefined;
  const parsed = readJson(payloadSchema, Buffer.from(payload, "base64url").toString("utf8"));
  if (!parsed) return undefined;
  const { aud, scp, roles, nbf, exp, tid, appid, azp, acct, ...names } = parsed;
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
    // Guests: alice_home.test#EXT#@here.test
    isGuest: acct === 1 || /#EXT#/i.test(user ?? ""),
  };
}

function dateOf(epochSeconds: number | undefined): Date | undefined {
  return epochSeconds === undefined ? undefined : new Date(epochSeconds * SECOND_MS);
}

/** Both names of the resource, and its application id. */
const EXCHANGE_ONLINE = [
  "outlook.office.com",
  "outlook.office365.com",
  "00000002-0000-0ff1-ce00-000000000000",
];

/** @param scopeHost for example `https://outlook.office.com` */
function isForMailServers({ audience }: TokenClaims, scopeHost: string): boolean {
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
