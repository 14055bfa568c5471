import type { Protocol } from "@/lib/egress/schema";
import {
  allows,
  isOfApplication,
  type MailTokens,
  type TokenClaims,
} from "@/lib/oauth/mail-tokens";
import type { TokenNeed } from "./schema";

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
    ...protocols.map((protocol) => permissionNeed(needs, protocol)),
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

function permissionNeed({ claims, tokens, isAppOnly }: TokenNeeds, protocol: Protocol): TokenNeed {
  const permission = tokens.permissions[protocol];
  const needs = isAppOnly ? permission.application : permission.delegated;
  const isMet = allows(claims, permission);
  const others = [...claims.scopes, ...claims.roles].map((scope) => scope.replace(/^.*\//, ""));
  const has = isMet ? needs : others.join(" ").slice(0, 300) || "no permission";
  return { what: `${protocol.toUpperCase()} permission`, needs, has, isMet };
}

function ownerNeed({ claims, login, isAppOnly }: TokenNeeds): TokenNeed {
  const { user, isGuest } = claims;
  const owner = user ?? (isOfApplication(claims) ? AN_APPLICATION : NOT_SAID);
  return {
    what: "Whose",
    needs: isAppOnly ? AN_APPLICATION : login,
    has: isGuest ? `${owner}, a guest` : owner,
    isMet: isAppOnly ? user === undefined : isOwn({ user, isGuest }, login),
  };
}

function isOwn({ user, isGuest }: Pick<TokenClaims, "user" | "isGuest">, login: string): boolean {
  return !isGuest && user?.toLowerCase() === login.toLowerCase();
}

/** Only if it has not begun. */
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
