import net from "node:net";
import { plainHost } from "@/lib/kernel/networks";

// RFC 6890. BlockList applies rules for mapped addresses to all IPv4: hence two lists.
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

/** RFC 4291 §2.4; IANA, “IPv6 Global Unicast” */
const GLOBAL_IPV6 = blockList("ipv6", ["2000::/3"]);

/** False for anything but an address. */
export function isPublicAddress(address: string): boolean {
  switch (net.isIP(address)) {
    case 4:
      return !BLOCKED_IPV4.check(address, "ipv4");
    case 6:
      return GLOBAL_IPV6.check(address, "ipv6") && !BLOCKED_IPV6.check(address, "ipv6");
    default:
      return false;
  }
}

function blockList(family: net.IPVersion, subnets: readonly string[]): net.BlockList {
  const list = new net.BlockList();
  for (const subnet of subnets) {
    const [network = "", prefix] = subnet.split("/");
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}

export type Place = { host: string; port: number };

/**
 * A typed host must not open the inside (SSRF): public addresses and mail ports only, plus the
 * operator's lists; hosts of presets may be anywhere. Forms and sockets ask the same questions.
 */
export type EgressPolicy = Exemptions & {
  isPreset(host: string, port: number): boolean;
  allowed(): Allowed;
};

type Exemptions = {
  anyHttpsPort?: true;
  /** An inside host may be asked without TLS. */
  plainInside?: true;
};

/** From POSTKEY_PRIVATE_HOSTS and POSTKEY_MAIL_PORTS. */
type Allowed = { privateHosts: ReadonlySet<string>; mailPorts: ReadonlySet<number> };

/** RFC 8314, RFC 6409, RFC 9051, RFC 1939 */
const MAIL_PORTS: ReadonlySet<number> = new Set([993, 995, 465, 587, 143, 110]);

/** “993, 995 or 465” */
export const MAIL_PORT_NAMES = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(
  [...MAIL_PORTS].map(String),
);

export function policyFor(
  presets: readonly Place[],
  allowed: () => Allowed,
  exemptions: Exemptions = {},
): EgressPolicy {
  const known = new Set(presets.map(({ host, port }) => `${host}:${port}`));
  return { ...exemptions, isPreset: (host, port) => known.has(`${host}:${port}`), allowed };
}

/** Includes the default port. */
export function placeOfUrl({ protocol, hostname: host, port }: URL): Place {
  return { host, port: Number(port || (protocol === "http:" ? HTTP_PORT : HTTPS_PORT)) };
}

export function mayUseMailPort({ host, port }: Place, policy: EgressPolicy): boolean {
  return (
    policy.isPreset(host, port) || MAIL_PORTS.has(port) || policy.allowed().mailPorts.has(port)
  );
}

const HTTPS_PORT = 443;
const HTTP_PORT = 80;

export function mayUseHttpsPort(place: Place, policy: EgressPolicy): boolean {
  return policy.anyHttpsPort === true || place.port === HTTPS_PORT || mayBeInside(place, policy);
}

export function mayBePlain(place: Place, policy: EgressPolicy): boolean {
  return policy.plainInside === true && mayBeInside(place, policy);
}

/** The address its name resolved to. */
export function mayReach(place: Place, address: string, policy: EgressPolicy): boolean {
  return isPublicAddress(address) || mayBeInside(place, policy);
}

export function mayBeInside({ host, port }: Place, policy: EgressPolicy): boolean {
  return policy.isPreset(host, port) || policy.allowed().privateHosts.has(plainHost(host));
}

const REFUSALS = {
  PORT_REFUSED: "This port is not allowed.",
  PRIVATE_ADDRESS: "No usable address.",
} as const;

/** Nothing was connected to. */
export class EgressRefusal extends Error {
  override readonly name = "EgressRefusal";
  readonly code: keyof typeof REFUSALS;

  constructor(code: EgressRefusal["code"]) {
    super(REFUSALS[code]);
    this.code = code;
  }
}
