import type { LookupAddress } from "node:dns";
import dns from "node:dns/promises";
import net from "node:net";
import { SECOND_MS } from "@/lib/kernel/clock";
import { type EgressPolicy, EgressRefusal, mayReach, mayUseMailPort } from "./policy";
import type { MailEndpoint } from "./schema";

/** Enough for both families and one spare; a host with fifty addresses is not tried fifty times. */
const MAX_ADDRESSES = 4;
const ATTEMPT_TIMEOUT_MS = 2 * SECOND_MS;

/**
 * Resolves the host once and returns the addresses that may be connected to. Connecting to one of
 * them, and not to the name again, is what defeats DNS rebinding.
 *
 * @throws EgressRefusal; Node's DNS errors otherwise
 */
export async function resolveMailHost(
  endpoint: MailEndpoint,
  policy: EgressPolicy,
): Promise<string[]> {
  if (!mayUseMailPort(endpoint, policy)) throw new EgressRefusal("PORT_REFUSED");
  const found = await lookUp(endpoint.host);
  const addresses = found.map(({ address }) => address);
  const reachable = addresses.filter((address) => mayReach(endpoint, address, policy));
  if (reachable.length === 0) throw new EgressRefusal("PRIVATE_ADDRESS");
  return alternateFamilies(reachable).slice(0, MAX_ADDRESSES);
}

const lookups = new Map<string, Promise<LookupAddress[]>>();

/** Several protocols ask for one host in the same moment: the resolver is asked once for them. */
function lookUp(host: string): Promise<LookupAddress[]> {
  const running = lookups.get(host);
  if (running !== undefined) return running;
  const started = dns.lookup(host, { all: true }).finally(() => lookups.delete(host));
  lookups.set(host, started);
  return started;
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
          lookup: (_host, _options, done) => done(null, pinned),
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
