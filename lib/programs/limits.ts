import { AppError } from "@/lib/kernel/errors";
import { isInNetworks, networkList } from "@/lib/kernel/networks";
import type { FoundKey } from "./store";

/**
 * Refuses a key that is used from elsewhere than it may be.
 * @param address of the client; undefined where it is not known, which is nowhere that is allowed
 * @throws AppError access_denied
 */
export function requireAllowedAddress({ addresses }: FoundKey, address: string | undefined): void {
  if (addresses.length === 0) return;
  if (address === undefined || !isInNetworks(networkList(addresses), address))
    throw new AppError("access_denied", "This API key can't be used from this address.");
}
