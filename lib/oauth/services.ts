import { words } from "@/lib/kernel/words";
import { findRemedy } from "@/lib/remedies/catalogue";
import { SERVICE_IDS } from "./platforms/schema";
import { REGISTRY } from "./registry";
import type { OAuthService, ServiceId } from "./service";

export function serviceOf({ service }: { service: ServiceId }): OAuthService {
  return REGISTRY[service];
}

export function serviceAt(callbackPath: string): OAuthService | undefined {
  return SERVICE_IDS.map((service) => serviceOf({ service })).find(
    (each) => each.callbackPath === callbackPath,
  );
}

export function isCallbackPath(path: string): boolean {
  return serviceAt(path) !== undefined;
}

export function isSaidBySome(what: "cancelled" | "unconsented", remedyId: string): boolean {
  return SERVICE_IDS.some((service) => serviceOf({ service }).refusals[what].includes(remedyId));
}

export function listServiceFacts() {
  return SERVICE_IDS.map((id) => {
    const { prefix, endedCredential, endedSecret } = serviceOf({ service: id }).refusals;
    return { id, refusalPrefix: prefix, endedCredential, endedSecret };
  });
}

/** Catalogue entries for failures without a number. */
export const TOKEN_FAILURES: readonly string[] = words(
  "postkey.identity_platform_unreachable postkey.identity_platform_throttled",
  "postkey.identity_platform_unavailable postkey.malformed_token_response",
  "postkey.token_reply_cut_off postkey.platform_certificate",
);

export function passesAtPlatform(failureId: string): boolean {
  if (TOKEN_FAILURES.includes(failureId)) return true;
  const isRefusal = listServiceFacts().some(({ refusalPrefix }) =>
    failureId.startsWith(refusalPrefix),
  );
  return isRefusal && findRemedy(failureId).retry === "yes";
}
