import "server-only";
import { isIP } from "node:net";
import { env } from "@/lib/kernel/env";
import { fieldError } from "@/lib/kernel/errors";
import { isPublicAddress } from "./public-address";

/**
 * Refuses a webhook's address that must not be called: this machine, private addresses, plain http.
 * The operator's list (POSTKEY_PRIVATE_HOSTS) allows more. What a name resolves to is checked again
 * at each delivery.
 *
 * @throws AppError unprocessable on `url`
 */
export function requireAllowedUrl(address: string): void {
  const url = new URL(address);
  const host = literalHost(url);
  if (isPrivateHostAllowed(host)) return;
  if (url.protocol !== "https:")
    throw fieldError("url", "Enter an address that begins with https://.");
  const isInside =
    host === "localhost" ||
    host.endsWith(".localhost") ||
    (isIP(host) !== 0 && !isPublicAddress(host));
  if (isInside)
    throw fieldError(
      "url",
      "This is an address inside the network. The operator can allow it with POSTKEY_PRIVATE_HOSTS.",
    );
}

export function isPrivateHostAllowed(host: string): boolean {
  return env().privateHosts.has(host);
}

/** Without the brackets of IPv6, and without the dot that ends a full name. */
export function literalHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}
