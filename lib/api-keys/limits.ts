import { BlockList, isIP } from "node:net";
import { AppError } from "@/lib/errors";
import type { FoundKey } from "./store";

/**
 * Refuses a key that is used from elsewhere than it may be.
 * @param address of the client; undefined where it is not known, which is nowhere that is allowed
 * @throws AppError access_denied
 */
export function requireAllowedAddress({ addresses }: FoundKey, address: string | undefined): void {
  if (addresses.length === 0) return;
  const family = isIP(address ?? "") === 6 ? "ipv6" : "ipv4";
  if (address === undefined || !blockList(addresses).check(address, family))
    throw new AppError("access_denied", "This API key may not be used from this address.");
}

function blockList(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const each of addresses) {
    const [address = "", bits] = each.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
