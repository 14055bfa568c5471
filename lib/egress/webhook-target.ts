import "server-only";
import { env } from "@/lib/kernel/env";
import { fieldError } from "@/lib/kernel/errors";
import { isAllowedHost, saysInside } from "./allowed-hosts";
import { type EgressPolicy, mayBePlain, placeOfUrl, policyFor } from "./policy";

/** Any port; inside hosts the operator lists also in clear. */
export function webhookEgress(): EgressPolicy {
  return policyFor([], env, { anyHttpsPort: true, plainInside: true });
}

/** Names are checked again at each delivery. @throws AppError unprocessable on `url` */
export function requireAllowedUrl(address: string): void {
  const url = new URL(address);
  const place = placeOfUrl(url);
  const policy = webhookEgress();
  if (url.protocol !== "https:" && !mayBePlain(place, policy))
    throw fieldError("url", "Enter an address that begins with https://.");
  if (!isAllowedHost(place, policy)) throw fieldError("url", saysInside());
}
