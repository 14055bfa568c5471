import "server-only";
import { env } from "@/lib/kernel/env";
import type { ServiceId } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";

/** Computed from the configured public address, never from a request (RFC 9700 §2.1). */
export function redirectUri(service: ServiceId): string {
  return `${env().url.origin}${serviceOf({ service }).callbackPath}`;
}
