import { findRemedy } from "@/lib/remedies/catalogue";
import { listServiceFacts } from "./services";

/** What a platform's failures are called that have no number of its own: ids of the error catalogue. */
export const TOKEN_FAILURES = [
  "postkey.identity_platform_unreachable",
  "postkey.identity_platform_throttled",
  "postkey.identity_platform_unavailable",
  "postkey.malformed_token_response",
  "postkey.token_reply_cut_off",
  "postkey.platform_certificate",
];

/** Whether a test with this result failed at the identity platform, by what passes without a person. */
export function passesAtPlatform(failureId: string): boolean {
  if (TOKEN_FAILURES.includes(failureId)) return true;
  const isRefusal = listServiceFacts().some(({ refusalPrefix }) =>
    failureId.startsWith(refusalPrefix),
  );
  return isRefusal && findRemedy(failureId).retry === "yes";
}
