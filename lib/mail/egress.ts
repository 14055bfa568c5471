import type { LookupAddress } from "node:dns";
import dns from "node:dns/promises";
import net from "node:net";
import { SECOND_MS } from "@/lib/clock";
import type { MailEndpoint } from "./endpoint";
import { probeFailure } from "./probe-failure";

/**
 * What may be reached beyond public mail servers. The caller answers `true` for the hosts of
 * configured presets only: an address typed by a user must not open a door to the inside (SSRF).
 */
export type EgressPolicy = { allowPrivate(host: string, port: number): boolean };

/** RFC 8314, RFC 6409 and the ports in common use beside them. */
const MAIL_PORTS = new Set([25, 110, 143, 465, 587, 993, 995, 2525]);

/** Enough for both families and one spare; a host with fifty addresses is not tried fifty times. */
const MAX_ADDRESSES = 4;
const ATTEMPT_TIMEOUT_MS = 2 * SECOND_MS;

// IANA special-purpose registries (RFC 6890). Two lists, because BlockList also compares an IPv4
// address with IPv6 rules, and the rule for mapped addresses would then match every IPv4 address.
const BLOCKED_IPV4 = blockList("ipv4", [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
]);

const BLOCKED_IPV6 = blockList("ipv6", [
  "::/96", // unspecified, loopback, IPv4-compatible
  "::ffff:0:0/96", // IPv4-mapped
  "64:ff9b::/96", // NAT64: an IPv4 address in disguise
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23", // Teredo, ORCHID and the rest of the IETF block
  "2001:db8::/32",
  "2002::/16", // 6to4: an IPv4 address in disguise
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
]);

/**
 * Resolves the host once and returns the addresses that may be connected to. Connecting to one of
 * them, and not to the name again, is what defeats DNS rebinding.
 *
 * @throws ProbeFailure `egress.port_refused`, `egress.private_address`; Node's DNS errors otherwise
 */
export async function resolveMailHost(
  endpoint: MailEndpoint,
  policy: EgressPolicy,
): Promise<string[]> {
  const { host, port } = endpoint;
  const trusted = policy.allowPrivate(host, port);
  if (!trusted && !MAIL_PORTS.has(port)) throw probeFailure("egress.port_refused");
  const found = await lookUp(host);
  const addresses = found.map(({ address }) => address);
  const reachable = trusted ? addresses : addresses.filter(isPublicAddress);
  if (reachable.length === 0) throw probeFailure("egress.private_address");
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

/** Whether an address is on the public internet; anything that is no address is not. */
export function isPublicAddress(address: string): boolean {
  switch (net.isIP(address)) {
    case 4:
      return !BLOCKED_IPV4.check(address, "ipv4");
    case 6:
      return !BLOCKED_IPV6.check(address, "ipv6");
    default:
      return false;
  }
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

function blockList(family: net.IPVersion, subnets: readonly string[]): net.BlockList {
  const list = new net.BlockList();
  for (const subnet of subnets) {
    const [network = "", prefix] = subnet.split("/");
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
