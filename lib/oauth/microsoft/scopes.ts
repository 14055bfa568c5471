import type { Grant } from "../schema";
import type { PermissionState, Registration } from "../service";

export const IDENTITY_SCOPES = ["openid", "profile", "email", "offline_access"];

/**
 * Delegated mail permissions of one resource: a token request may name no second one (AADSTS28000).
 * Microsoft, "Authenticate an IMAP, POP or SMTP connection using OAuth".
 */
const MAIL_SCOPES = ["IMAP.AccessAsUser.All", "POP.AccessAsUser.All", "SMTP.Send"];

export function requestedScopes({ cloud }: Pick<Registration, "cloud">): string[] {
  return MAIL_SCOPES.map((name) => `${cloud.scopeHost}/${name}`);
}

/** Mail permissions that were asked for and not granted, by name; hosts and case do not matter. */
export function missingScopes(granted: readonly string[]): string[] {
  const names = new Set(granted.map((scope) => scope.split("/").at(-1)?.toLowerCase()));
  return MAIL_SCOPES.filter((name) => !names.has(name.toLowerCase()));
}

/** Application permissions of Office 365 Exchange Online. */
const APP_ROLES = ["IMAP.AccessAsApp", "POP.AccessAsApp", "SMTP.SendAsApp"];

export function missingAppRoles(granted: readonly string[]): string[] {
  return APP_ROLES.filter((name) => !granted.includes(name));
}

/** What mail needs with this grant, by name; hosts and case do not matter. */
export function permissions(grant: Grant, granted: readonly string[]): PermissionState[] {
  const isApp = grant === "app_only";
  const missing = isApp ? missingAppRoles(granted) : missingScopes(granted);
  const needed = isApp ? APP_ROLES : MAIL_SCOPES;
  return needed.map((name) => ({ name, isGranted: !missing.includes(name) }));
}
