import net from "node:net";

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
