import { decodeJwt } from "jose";
import { OAuthFailure } from "./oauth-failure";
import type { PermissionState } from "./service";

/*
 * What an answer must be before it replaces tokens that work: of the same person, and good for mail. Any other
 * leaves the old ones in place.
 */

/** Claims, and what they say in a token of the right person or application. */
type Owner = Readonly<Record<string, string>>;

/**
 * Compares what a token says of its owner; a token that is opaque, or silent about it, passes. The signature
 * is not verified: nothing is granted for what the token says, only refused. A token of another person comes
 * from an answer that was mixed up on the way, for example by a cache: the renewal is repeated.
 *
 * @throws OAuthFailure postkey.tokens_of_another
 */
export function requireOwner(token: unknown, owner: Owner): void {
  const said = typeof token === "string" ? claimsOf(token) : {};
  const isOther = Object.entries(owner).some(([claim, right]) => {
    const value = said[claim];
    return value !== undefined && String(value).toLowerCase() !== right.toLowerCase();
  });
  if (isOther) throw ofAnother();
}

export function ofAnother(): OAuthFailure {
  const remedyId = "postkey.tokens_of_another";
  const details = { description: "The reply holds someone else's tokens." };
  return new OAuthFailure({ kind: "retry", remedyId, details });
}

/** An access token is opaque to clients (RFC 6749 §1.4): some cannot be read. */
function claimsOf(token: string): Record<string, unknown> {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

/**
 * Tokens that open no mailbox are no success. Those with a part of the permissions are: what is missing is shown.
 * @param remedyId of a sign-in, which stores nothing then, or of a renewal
 * @throws OAuthFailure with that remedy
 */
export function requireMailPermission(
  permissions: readonly PermissionState[],
  remedyId: "callback.mail_not_granted" | "postkey.no_mail_permission",
): void {
  if (permissions.some(({ isGranted }) => isGranted)) return;
  const details = { description: "The answer grants none of the mail permissions." };
  throw new OAuthFailure({ kind: "sign_in_again", remedyId, details });
}
