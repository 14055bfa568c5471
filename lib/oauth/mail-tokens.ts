import type { Protocol } from "@/lib/egress/schema";

/**
 * What an access token says about itself. Read to explain a refusal, never to grant anything: the signature is
 * not verified, and the token is never shown.
 */
export type TokenClaims = {
  audience: string | undefined;
  /** What the person who signed in let the application do. */
  scopes: string[];
  /** What the application may do by itself. */
  roles: string[];
  /** Who signed in; absent in tokens of an application. */
  user: string | undefined;
  /** From when on it is valid. */
  notBefore: Date | undefined;
  expiresAt: Date | undefined;
  tenantId: string | undefined;
  /** The application that it was issued to. */
  appId: string | undefined;
  /** Whether a guest of the tenant signed in, whose mailbox is elsewhere. */
  isGuest: boolean;
};

/** What a protocol asks for: from a person who signed in, and from an application by itself. */
export type MailPermission = { delegated: string; application: string };

/** How the access tokens of a platform that say what they are good for are read. */
export type MailTokens = {
  /** The claims of a token, or undefined for one that is opaque or damaged. */
  read(accessToken: string): TokenClaims | undefined;
  permissions: Readonly<Record<Protocol, MailPermission>>;
  /** Whether the mail servers take it. @param scopeHost the resource of the provider's cloud */
  isForMailServers(claims: TokenClaims, scopeHost: string): boolean;
};

/** Whether a token is the application's own, which has roles where a person's has scopes. */
export function isOfApplication({ user, scopes, roles }: TokenClaims): boolean {
  return user === undefined && (roles.length > 0 || scopes.length === 0);
}

/** Whether a token has a permission, in whichever of the two ways. */
export function allows(
  { scopes, roles }: TokenClaims,
  { delegated, application }: MailPermission,
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
