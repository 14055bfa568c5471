import net from "node:net";
import { SECOND_MS } from "@/lib/kernel/clock";
import { lookupPinned, resolveAllowed } from "./addresses";
import { type EgressPolicy, EgressRefusal, mayUseMailPort } from "./policy";
import type { MailEndpoint } from "./schema";

/** Enough for both families and a spare. */
const MAX_ADDRESSES = 4;
const ATTEMPT_TIMEOUT_MS = 2 * SECOND_MS;

/** Only `resolveMailHost` makes one, so nothing unchecked is dialled. */
class CheckedMailHost {
  /** Families alternate. */
  readonly addresses: string[];
  readonly #port: number;

  constructor(addresses: string[], port: number) {
    this.addresses = addresses;
    this.#port = port;
  }

  /** RFC 8305. The caller owns the socket and bounds the wait by destroying it. */
  dial(): net.Socket {
    const { addresses } = this;
    const pinned = addresses.map((address) => ({ address, family: net.isIP(address) }));
    const [first] = addresses;
    return net.connect({
      port: this.#port,
      noDelay: true,
      keepAlive: false,
      ...(first !== undefined && addresses.length === 1
        ? { host: first }
        : {
            host: "pinned.invalid", // never resolved: `lookup` below answers instead of the resolver
            autoSelectFamily: true,
            autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS,
            lookup: lookupPinned(pinned),
          }),
    });
  }
}

export type MailHost = CheckedMailHost;

/** Once, with the check. @throws EgressRefusal; Node's DNS errors */
export async function resolveMailHost(
  endpoint: MailEndpoint,
  policy: EgressPolicy,
): Promise<MailHost> {
  if (!mayUseMailPort(endpoint, policy)) throw new EgressRefusal("PORT_REFUSED");
  const reachable = await resolveAllowed(endpoint, policy);
  const addresses = alternateFamilies(reachable.map(({ address }) => address));
  return new CheckedMailHost(addresses.slice(0, MAX_ADDRESSES), endpoint.port);
}

function alternateFamilies(addresses: readonly string[]): string[] {
  const [ipv6, ipv4] = [addresses.filter(net.isIPv6), addresses.filter(net.isIPv4)];
  const turns = Math.max(ipv6.length, ipv4.length);
  return Array.from({ length: turns }, (_, turn) => [ipv4[turn], ipv6[turn]])
    .flat()
    .filter((address) => address !== undefined);
}
