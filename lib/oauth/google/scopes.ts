import type { PermissionState } from "../service";

/** IMAP, POP3 and SMTP; there is no smaller scope (Google, "XOAUTH2"). */
export const MAIL_SCOPE = "https://mail.google.com/";

/** Each permission has its own checkbox. */
export function missingScopes(granted: readonly string[]): string[] {
  return granted.includes(MAIL_SCOPE) ? [] : [MAIL_SCOPE];
}

export function permissions(granted: readonly string[]): PermissionState[] {
  return [{ name: MAIL_SCOPE, isGranted: missingScopes(granted).length === 0 }];
}
