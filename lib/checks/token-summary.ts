import type { MailCredential } from "@/lib/mail/credential";
import { safeServerText } from "@/lib/mail/text";
import type { Cloud } from "@/lib/oauth/clouds";
import { serviceOf } from "@/lib/oauth/services";
import type { TokenSummary } from "./schema";

const MAX_CLAIM = 300;
const MAX_PERMISSIONS = 50;

/** What a token says about itself, in bounds: the token is not kept. */
export function summaryOf(credential: MailCredential, cloud: Cloud): TokenSummary | undefined {
  if (credential.kind !== "xoauth2") return undefined;
  const claims = serviceOf(cloud).mailTokens?.read(credential.accessToken);
  if (!claims) return undefined;
  const short = (text: string) => safeServerText(text).slice(0, MAX_CLAIM);
  const optional = (text: string | undefined) => (text === undefined ? text : short(text));
  return {
    audience: optional(claims.audience),
    scopes: claims.scopes.slice(0, MAX_PERMISSIONS).map(short),
    roles: claims.roles.slice(0, MAX_PERMISSIONS).map(short),
    user: optional(claims.user),
    notBefore: claims.notBefore?.toISOString(),
    expiresAt: claims.expiresAt?.toISOString(),
    tenantId: optional(claims.tenantId),
    appId: optional(claims.appId),
    isGuest: claims.isGuest || undefined,
    isFresh: credential.isFresh === true,
    service: cloud.service,
    scopeHost: cloud.scopeHost,
  };
}
