import type { Protocol } from "@/lib/egress/protocols/schema";

/** Unverified and never shown: explains refusals, grants nothing. */
export type TokenClaims = {
  audience: string | undefined;
  scopes: string[];
  roles: string[];
  user: string | undefined;
  notBefore: Date | undefined;
  expiresAt: Date | undefined;
  tenantId: string | undefined;
  appId: string | undefined;
  /** Their mailbox is in another tenant. */
  isGuest: boolean;
};

export type MailPermission = { delegated: string; application: string };

export type MailTokens = {
  read(accessToken: string): TokenClaims | undefined;
  permissions: Readonly<Record<Protocol, MailPermission>>;
  /** @param scopeHost the resource of the provider's cloud */
  isForMailServers(claims: TokenClaims, scopeHost: string): boolean;
};

export function isOfApplication({ user, scopes, roles }: TokenClaims): boolean {
  return user === undefined && (roles.length > 0 || scopes.length === 0);
}

export function allows({ scopes, roles }: TokenClaims, { delegated, application }: MailPermission) {
  return (
    scopes.some((scope) => nameOf(scope) === delegated.toLowerCase()) ||
    roles.some((role) => nameOf(role) === application.toLowerCase())
  );
}

/** `https://outlook.office.com/SMTP.Send` becomes `smtp.send`. */
function nameOf(scope: string): string {
  return scope.slice(scope.lastIndexOf("/") + 1).toLowerCase();
}
