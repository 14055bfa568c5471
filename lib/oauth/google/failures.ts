import type { HttpsReply } from "@/lib/egress/https";
import { classifyReply, type FailureKind, OAuthFailure } from "../oauth-failure";

type Refusal = { error: string; says?: RegExp; kind: FailureKind; remedyId: string };

/**
 * Google's refusals: by `error`, and where one `error` means several things, by its description
 * (Google, "Using OAuth 2.0 for Web Server Applications", "… for Server to Server Applications").
 * The first that fits counts.
 */
export const GOOGLE_REFUSALS: readonly Refusal[] = [
  {
    error: "invalid_client",
    says: /not found/i,
    kind: "fix_registration",
    remedyId: "google.client_unknown",
  },
  { error: "invalid_client", kind: "fix_registration", remedyId: "google.client_secret_wrong" },
  { error: "deleted_client", kind: "fix_registration", remedyId: "google.client_deleted" },
  { error: "disabled_client", kind: "fix_registration", remedyId: "google.client_disabled" },
  // Of one mailbox as well, where it belongs to a domain that did not: it must not stop the others.
  { error: "unauthorized_client", kind: "sign_in_again", remedyId: "google.not_delegated" },
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
    // Of this mailbox alone: the others of its domain are renewed as before.
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
  { error: "org_internal", kind: "sign_in_again", remedyId: "google.org_internal" },
  { error: "rateLimitExceeded", kind: "retry", remedyId: "postkey.identity_platform_throttled" },
  {
    error: "userRateLimitExceeded",
    kind: "retry",
    remedyId: "postkey.identity_platform_throttled",
  },
  { error: "internal_failure", kind: "retry", remedyId: "postkey.identity_platform_unavailable" },
];

/** What a refusal of Google's token endpoint asks for; the rest is classified by RFC 6749 §5.2. */
export function classifyGoogleReply(reply: HttpsReply): OAuthFailure {
  const general = classifyReply(reply);
  const { details, retryAfterMs } = general;
  const { error, description = "" } = details;
  const found = GOOGLE_REFUSALS.find(
    (each) => each.error === error && (each.says?.test(description) ?? true),
  );
  if (!found || reply.status >= 500 || reply.status === 429) return general;
  const { kind, remedyId } = found;
  return new OAuthFailure({
    kind,
    remedyId,
    details,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
