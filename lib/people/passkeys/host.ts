import { env } from "@/lib/kernel/env";
import { plainAddress } from "@/lib/kernel/networks";

export type PasskeyHost =
  | { rpId: string; origin: string; problem: null }
  | { rpId: null; origin: string; problem: string };

/** Browsers use passkeys at no other host name than that of POSTKEY_URL. */
export function passkeyHost(): PasskeyHost {
  const { hostname, origin, protocol } = env().url;
  if (plainAddress(hostname.replaceAll(/[[\]]/g, "")) !== undefined)
    return {
      rpId: null,
      origin,
      problem: "Passkeys need a host name, and POSTKEY_URL has an IP address.",
    };
  if (protocol !== "https:" && hostname !== "localhost")
    return { rpId: null, origin, problem: "Passkeys need https, and POSTKEY_URL has http." };
  return { rpId: hostname, origin, problem: null };
}
