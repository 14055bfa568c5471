import type { HttpsReply } from "@/lib/egress/https";
import { classifyReply, type Meaning } from "../oauth-failure";

/** The first match counts (Google, "Using OAuth 2.0 for Web Server Applications"). */
export const GOOGLE_MEANINGS: readonly Meaning[] = [
  {
    error: "invalid_client",
    says: /not found/i,
    kind: "fix_registration",
    remedyId: "google.client_unknown",
  },
  { error: "invalid_client", kind: "fix_registration", remedyId: "google.client_secret_wrong" },
  { error: "deleted_client", kind: "fix_registration", remedyId: "google.client_deleted" },
  { error: "disabled_client", kind: "fix_registration", remedyId: "google.client_disabled" },
  // Also for one mailbox in another domain: it must not stop the others.
  {
    error: "unauthorized_client",
    grant: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    kind: "sign_in_again",
    remedyId: "google.not_delegated",
  },
  {
    error: "invalid_grant",
    says: /account (?:\S+ ){0,6}(?:deleted|not found|disabled)/i,
    kind: "sign_in_again",
    remedyId: "google.account_deleted",
  },
  {
    error: "invalid_grant",
    says: /invalid_rapt|reauth/i,
    kind: "sign_in_again",
    remedyId: "google.reauth_required",
  },
  {
    error: "invalid_grant",
    says: /JWT Signature/i,
    kind: "fix_registration",
    remedyId: "google.key_wrong",
  },
  {
    error: "invalid_grant",
    says: /reasonable timeframe|iat and exp/i,
    kind: "fix_registration",
    remedyId: "google.clock_wrong",
  },
  {
    error: "invalid_grant",
    // Concerns one mailbox; the others of its domain are renewed.
    says: /invalid email or user id/i,
    kind: "sign_in_again",
    remedyId: "google.mailbox_unknown",
  },
  {
    error: "invalid_grant",
    says: /auth code/i,
    kind: "sign_in_again",
    remedyId: "google.code_spent",
  },
  { error: "invalid_grant", kind: "sign_in_again", remedyId: "google.token_revoked" },
  {
    error: "redirect_uri_mismatch",
    kind: "fix_registration",
    remedyId: "google.redirect_uri_mismatch",
  },
  { error: "invalid_scope", kind: "fix_registration", remedyId: "google.scope_refused" },
  { error: "admin_policy_enforced", kind: "sign_in_again", remedyId: "google.policy_blocked" },
  { error: "disallowed_useragent", kind: "sign_in_again", remedyId: "google.browser_refused" },
  { error: "org_internal", kind: "sign_in_again", remedyId: "google.org_internal" },
  { error: "rateLimitExceeded", kind: "retry", remedyId: "postkey.identity_platform_throttled" },
  {
    error: "userRateLimitExceeded",
    kind: "retry",
    remedyId: "postkey.identity_platform_throttled",
  },
  { error: "internal_failure", kind: "retry", remedyId: "postkey.identity_platform_unavailable" },
];

export const GOOGLE_LANGUAGE = { meanings: GOOGLE_MEANINGS, ofNumber: null } as const;

export function classifyGoogleReply(reply: HttpsReply) {
  return classifyReply(reply, GOOGLE_LANGUAGE);
}
