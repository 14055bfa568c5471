import { json, type WebResponse } from "../http";

/** Google's refusals, word for word (developers.google.com/identity/protocols/oauth2). */
export const GOOGLE_ERRORS = {
  invalid_client: [401, "invalid_client", "The OAuth client was not found."],
  wrong_secret: [401, "invalid_client", "Unauthorized"],
  deleted_client: [401, "deleted_client", "The OAuth client was deleted."],
  disabled_client: [401, "disabled_client", "The OAuth client was disabled."],
  malformed_code: [400, "invalid_grant", "Malformed auth code."],
  revoked: [400, "invalid_grant", "Token has been expired or revoked."],
  account_deleted: [400, "invalid_grant", "Account has been deleted"],
  wrong_key: [400, "invalid_grant", "Invalid JWT Signature."],
  unknown_subject: [400, "invalid_grant", "Invalid email or User ID"],
  clock: [
    400,
    "invalid_grant",
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
  ],
  reauth: [400, "invalid_grant", "reauth related error (invalid_rapt)"],
  redirect_uri_mismatch: [400, "redirect_uri_mismatch", "Bad Request"],
  unauthorized_client: [
    401,
    "unauthorized_client",
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.",
  ],
  invalid_scope: [400, "invalid_scope", "Some requested scopes were invalid."],
  admin_policy_enforced: [
    400,
    "admin_policy_enforced",
    "Access to your account data is restricted by policies within your organization.",
  ],
  org_internal: [
    403,
    "org_internal",
    "This client is restricted to users within its organization.",
  ],
  rate_limit: [403, "rateLimitExceeded", "Rate Limit Exceeded"],
  unsupported_grant: [400, "unsupported_grant_type", "Invalid grant_type"],
  internal: [500, "internal_failure", ""],
} as const satisfies Record<string, readonly [number, string, string]>;

export type GoogleErrorId = keyof typeof GOOGLE_ERRORS;

export class GoogleError extends Error {
  readonly id: GoogleErrorId;
  constructor(id: GoogleErrorId) {
    super(id);
    this.id = id;
  }
}

export function errorReply(error: GoogleError): WebResponse {
  const [status, code, description] = GOOGLE_ERRORS[error.id];
  const body = description ? { error: code, error_description: description } : { error: code };
  return json(status, body);
}
