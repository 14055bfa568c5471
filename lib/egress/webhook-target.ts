import "server-only";
import { env } from "@/lib/kernel/env";
import { fieldError } from "@/lib/kernel/errors";
import { isAllowedHost, saysInside } from "./allowed-hosts";
import { type EgressPolicy, mayBePlain, placeOfUrl, policyFor } from "./policy";

/** Receivers of webhooks listen on any port; inside the network, where the operator lists them, in clear too. */
export function webhookEgress(): EgressPolicy {
  return policyFor([], env, { anyHttpsPort: true, plainInside: true });
}

/**
 * Refuses a webhook's address that must not be called: this machine, private addresses, plain http.
 * The operator's list (POSTKEY_PRIVATE_HOSTS) allows more. What a name resolves to is checked again
 * at each delivery.
 *
 * @throws AppError unprocessable on `url`
 */
export function requireAllowedUrl(address: string): void {
  const url = new URL(address);
  const place = placeOfUrl(url);
  const policy = webhookEgress();
  if (url.protocol !== "https:" && !mayBePlain(place, policy))
    throw fieldError("url", "Enter an address that begins with https://.");
  if (!isAllowedHost(place, policy)) throw fieldError("url", saysInside());
}
