import net from "node:net";
import { SECOND_MS } from "@/lib/kernel/clock";
import { lookupPinned, resolveAllowed } from "./addresses";
import { type EgressPolicy, EgressRefusal, mayUseMailPort } from "./policy";
import type { MailEndpoint } from "./schema";

/** Enough for both families and one spare; a host with fifty addresses is not tried fifty times. */
const MAX_ADDRESSES = 4;
const ATTEMPT_TIMEOUT_MS = 2 * SECOND_MS;

/**
 * The addresses of a mail server that may be connected to, a few of both families.
 *
 * @throws EgressRefusal; Node's DNS errors otherwise
 */
export async function resolveMailHost(
  endpoint: MailEndpoint,
  policy: EgressPolicy,
): Promise<string[]> {
  if (!mayUseMailPort(endpoint, policy)) throw new EgressRefusal("PORT_REFUSED");
  const reachable = await resolveAllowed(endpoint, policy);
  return alternateFamilies(reachable.map(({ address }) => address)).slice(0, MAX_ADDRESSES);
}

/**
 * Opens a TCP connection to the first of the addresses that answers (RFC 8305). The caller owns
 * the socket at once and bounds the wait by destroying it.
 */
export function dial(addresses: readonly string[], port: number): net.Socket {
  const pinned = addresses.map((address) => ({ address, family: net.isIP(address) }));
  const [first] = addresses;
  return net.connect({
    port,
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

function alternateFamilies(addresses: readonly string[]): string[] {
  const [ipv6, ipv4] = [addresses.filter(net.isIPv6), addresses.filter(net.isIPv4)];
  const turns = Math.max(ipv6.length, ipv4.length);
  return Array.from({ length: turns }, (_, turn) => [ipv4[turn], ipv6[turn]])
    .flat()
    .filter((address) => address !== undefined);
}
