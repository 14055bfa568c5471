import "server-only";
import { env } from "@/lib/kernel/env";
import { SERVICE_IDS } from "@/lib/oauth/platforms/schema";
import type { ServiceId } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";

/** Computed from the configured public address, never from a request (RFC 9700 §2.1). */
export function redirectUri(service: ServiceId): string {
  return `${env().url.origin}${serviceOf({ service }).callbackPath}`;
}

export function redirectUris(): Record<ServiceId, string> {
  const each = SERVICE_IDS.map((service) => [service, redirectUri(service)]);
  return Object.fromEntries(each) as Record<ServiceId, string>; // of all of them
}
