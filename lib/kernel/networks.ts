import { BlockList, isIP } from "node:net";

export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const each of networks) {
    const [address = "", bits] = each.split("/");
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

export function isInNetworks(list: BlockList, address: string): boolean {
  return list.check(address, familyOf(address));
}

export function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  // Zones are local to a machine (RFC 4007 §6).
  if (family === 0 || rest.length > 0 || address.includes("%")) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32))
  );
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** IPv4-mapped IPv6 (RFC 4291 §2.5.5.2), in any spelling, becomes IPv4. */
export function plainAddress(address: string): string | undefined {
  const [given = "", zone] = address.trim().split("%", 2);
  if (zone !== undefined && !given.includes(":")) return undefined;
  const family = isIP(given);
  if (family === 0) return undefined;
  if (family === 4 || !MAY_BE_MAPPED.test(given)) return given;
  // The URL parser normalises addresses (RFC 5952).
  const [, high, low] = MAPPED.exec(new URL(`http://[${given}]`).hostname) ?? [];
  if (high === undefined || low === undefined) return given;
  return [high, low].flatMap(bytesOf).join(".");
}

const MAY_BE_MAPPED = /ffff:(?:[\d.]+|[\da-f]+:[\da-f]+)$/i;
const MAPPED = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/;

function bytesOf(group: string): [number, number] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}

/** One customer: an IPv4 address, or the /64 of an IPv6 one (RFC 6177). */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const [first, last] = [head, tail ?? ""].map((part) => (part === "" ? [] : part.split(":")));
  const groups = [...(first ?? [])];
  while (groups.length + (last?.length ?? 0) < 8) groups.push("0");
  return `${[...groups, ...(last ?? [])].slice(0, 4).join(":")}::/64`;
}

/** A number of proxies in a row, or networks; undefined: none. */
export type TrustedProxies = { hops: number } | { networks: BlockList } | undefined;

/** @param text `0`, a number of hops, or comma-separated networks; null if invalid */
export function readTrustedProxies(text: string): { trusted: TrustedProxies } | null {
  if (/^\d$/.test(text)) return { trusted: text === "0" ? undefined : { hops: Number(text) } };
  const networks = text.split(",").map((each) => each.trim());
  return networks.every(isNetwork) ? { trusted: { networks: networkList(networks) } } : null;
}

type Seen = {
  /** Each proxy appends to what the client wrote. */
  forwardedFor: string | undefined;
  peer: string | undefined;
};

/** From the right: left of the trusted proxies the client invents. Undefined if unknown. */
export function clientBehind(trusted: TrustedProxies, seen: Seen): string | undefined {
  if (!trusted) return undefined;
  const appended = seen.forwardedFor?.split(",").map(plainAddress) ?? [];
  if ("hops" in trusted) return appended.at(-trusted.hops);
  const peer = plainAddress(seen.peer ?? "");
  for (const address of [peer, ...appended.toReversed()])
    if (address === undefined || !isInNetworks(trusted.networks, address)) return address;
  // Only proxies: the first one sent the request.
  return appended[0] ?? peer;
}

/** `[::1]`, `LOCALHOST` and `localhost.` have several spellings. */
export function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}
