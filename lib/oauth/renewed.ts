import { decodeJwt } from "jose";
import { type OAuthFailure, oauthFailure } from "./oauth-failure";
import type { PermissionState } from "./service";

/* Any other answer leaves the working tokens in place. */

type Owner = Readonly<Record<string, string>>;

/** Unverified claims only refuse; opaque tokens pass. @throws OAuthFailure */
export function requireOwner(token: unknown, owner: Owner): void {
  const said = typeof token === "string" ? claimsOf(token) : {};
  const isOther = Object.entries(owner).some(([claim, right]) => {
    const value = said[claim];
    return value !== undefined && String(value).toLowerCase() !== right.toLowerCase();
  });
  if (isOther) throw ofAnother();
}

export function ofAnother(): OAuthFailure {
  const description = "The reply holds someone else's tokens.";
  return oauthFailure("retry", "postkey.tokens_of_another", { description });
}

/** Access tokens are opaque to clients (RFC 6749 §1.4). */
function claimsOf(token: string): Record<string, unknown> {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

/** A part of the permissions is enough. @throws OAuthFailure */
export function requireMailPermission(
  permissions: readonly PermissionState[],
  remedyId: "callback.mail_not_granted" | "postkey.no_mail_permission",
): void {
  if (permissions.some(({ isGranted }) => isGranted)) return;
  const description = "The answer grants none of the mail permissions.";
  throw oauthFailure("sign_in_again", remedyId, { description });
}
