import type { MailTokens } from "../mail-tokens";
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

/** Hosts and case do not matter. */
export function missingScopes(granted: readonly string[]): string[] {
  const names = new Set(granted.map((scope) => scope.split("/").at(-1)?.toLowerCase()));
  return MAIL_SCOPES.filter((name) => !names.has(name.toLowerCase()));
}

const APP_ROLES: readonly string[] = OF_EACH_PROTOCOL.map(({ application }) => application);

export function missingAppRoles(granted: readonly string[]): string[] {
  return APP_ROLES.filter((name) => !granted.includes(name));
}

export function permissions(grant: Grant, granted: readonly string[]): PermissionState[] {
  const isApp = grant === "app_only";
  const missing = isApp ? missingAppRoles(granted) : missingScopes(granted);
  const needed = isApp ? APP_ROLES : MAIL_SCOPES;
  return needed.map((name) => ({ name, isGranted: !missing.includes(name) }));
}
