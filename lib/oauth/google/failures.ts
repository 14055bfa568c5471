import { fixRegistration, type Meaning, retry, signInAgain } from "../oauth-failure";

/** The first match counts (Google, "Using OAuth 2.0 for Web Server Applications"). */
export const GOOGLE_MEANINGS: readonly Meaning[] = [
  fixRegistration("google.client_unknown", { error: "invalid_client", says: /not found/i }),
  fixRegistration("google.client_secret_wrong", { error: "invalid_client" }),
  fixRegistration("google.client_deleted", { error: "deleted_client" }),
  fixRegistration("google.client_disabled", { error: "disabled_client" }),
  // Also for one mailbox in another domain: it must not stop the others.
  signInAgain("google.not_delegated", {
    error: "unauthorized_client",
    grant: "urn:ietf:params:oauth:grant-type:jwt-bearer",
  }),
  signInAgain("google.account_deleted", {
    error: "invalid_grant",
    says: /account (?:\S+ ){0,6}(?:deleted|not found|disabled)/i,
  }),
  signInAgain("google.reauth_required", { error: "invalid_grant", says: /invalid_rapt|reauth/i }),
  fixRegistration("google.key_wrong", { error: "invalid_grant", says: /JWT Signature/i }),
  fixRegistration("google.clock_wrong", {
    error: "invalid_grant",
    says: /reasonable timeframe|iat and exp/i,
  }),
  // Concerns one mailbox; the others of its domain are renewed.
  signInAgain("google.mailbox_unknown", {
    error: "invalid_grant",
    says: /invalid email or user id/i,
  }),
  signInAgain("google.code_spent", { error: "invalid_grant", says: /auth code/i }),
  signInAgain("google.token_revoked", { error: "invalid_grant" }),
  fixRegistration("google.redirect_uri_mismatch", { error: "redirect_uri_mismatch" }),
  fixRegistration("google.scope_refused", { error: "invalid_scope" }),
  signInAgain("google.policy_blocked", { error: "admin_policy_enforced" }),
  signInAgain("google.browser_refused", { error: "disallowed_useragent" }),
  signInAgain("google.org_internal", { error: "org_internal" }),
  retry("postkey.identity_platform_throttled", { error: "rateLimitExceeded" }),
  retry("postkey.identity_platform_throttled", { error: "userRateLimitExceeded" }),
  retry("postkey.identity_platform_unavailable", { error: "internal_failure" }),
];

export const GOOGLE_LANGUAGE = { meanings: GOOGLE_MEANINGS, ofNumber: null } as const;
