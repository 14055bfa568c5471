import "server-only";
import { env } from "@/lib/env";

/** The path is fixed: it is registered at the identity platform, which compares every character. */
const CALLBACK_PATH = "/api/cloudProviders/oauth2/microsoft/callback";

/** Computed from the configured public address, never from a request (RFC 9700 §2.1). */
export function redirectUri(): string {
  return `${env().url.origin}${CALLBACK_PATH}`;
}
