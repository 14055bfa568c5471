import { findRemedy } from "@/lib/remedies/catalogue";
import { listServiceFacts } from "./services";

/** Catalogue entries for failures without a number. */
export const TOKEN_FAILURES = [
  "postkey.identity_platform_unreachable",
  "postkey.identity_platform_throttled",
  "postkey.identity_platform_unavailable",
  "postkey.malformed_token_response",
  "postkey.token_reply_cut_off",
  "postkey.platform_certificate",
];

export function passesAtPlatform(failureId: string): boolean {
  if (TOKEN_FAILURES.includes(failureId)) return true;
  const isRefusal = listServiceFacts().some(({ refusalPrefix }) =>
    failureId.startsWith(refusalPrefix),
  );
  return isRefusal && findRemedy(failureId).retry === "yes";
}
