import { AppError } from "@/lib/kernel/errors";
import { isInNetworks, networkList } from "@/lib/kernel/networks";
import type { FoundKey } from "./store";

/** @param address where it is not known, it is nowhere that is allowed @throws AppError access_denied */
export function requireAllowedAddress({ addresses }: FoundKey, address: string | undefined): void {
  if (addresses.length === 0) return;
  if (address === undefined || !isInNetworks(networkList(addresses), address))
    throw new AppError("access_denied", "This API key can't be used from this address.");
}
