import type { PermissionState, Registration } from "../service";

/** The whole mailbox over IMAP, POP3 and SMTP; there is no smaller one for them (Google, "XOAUTH2"). */
export const MAIL_SCOPE = "https://mail.google.com/";

export function requestedScopes(_registration: Pick<Registration, "cloud">): string[] {
  return [MAIL_SCOPE];
}

/** People may agree to less than was asked for: each permission has a box of its own. */
export function missingScopes(granted: readonly string[]): string[] {
  return granted.includes(MAIL_SCOPE) ? [] : [MAIL_SCOPE];
}

/** What mail needs, by name, and whether it was granted. */
export function permissions(granted: readonly string[]): PermissionState[] {
  return [{ name: MAIL_SCOPE, isGranted: missingScopes(granted).length === 0 }];
}
