import { BlockList, isIP } from "node:net";

/** Addresses and networks (CIDR), as an operator or an administrator lists them. */
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

/** Whether a text is an address, or a network with the number of its bits. */
export function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  // A zone says something on its own machine alone (RFC 4007 §6).
  if (family === 0 || rest.length > 0 || address.includes("%")) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32))
  );
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** An IPv4 address that is written as one of IPv6 (RFC 4291 §2.5.5.2), in whichever way, is what it was. */
export function plainAddress(address: string): string | undefined {
  // A zone says something on its own machine alone (RFC 4007 §6).
  const [given = "", zone] = address.trim().split("%", 2);
  if (zone !== undefined && !given.includes(":")) return undefined;
  const family = isIP(given);
  if (family === 0) return undefined;
  if (family === 4 || !MAY_BE_MAPPED.test(given)) return given;
  // The URL parser writes each address in one way (RFC 5952).
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

/**
 * What one customer has, for limits: an address of IPv4, and the first 64 bits of one of IPv6 (RFC 6177), in
 * which a client can take another address for each request.
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  // The URL parser writes each address in one way (RFC 5952).
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const [first, last] = [head, tail ?? ""].map((part) => (part === "" ? [] : part.split(":")));
  const groups = [...(first ?? [])];
  while (groups.length + (last?.length ?? 0) < 8) groups.push("0");
  return `${[...groups, ...(last ?? [])].slice(0, 4).join(":")}::/64`;
}

/**
 * Which proxies the operator vouches for: so many, one behind the other, or those in some networks. Undefined
 * where there are none.
 */
export type TrustedProxies = { hops: number } | { networks: BlockList } | undefined;

/** @param text `0`, a number of hops, or networks with commas between; null when it is none of them */
export function readTrustedProxies(text: string): { trusted: TrustedProxies } | null {
  if (/^\d$/.test(text)) return { trusted: text === "0" ? undefined : { hops: Number(text) } };
  const networks = text.split(",").map((each) => each.trim());
  return networks.every(isNetwork) ? { trusted: { networks: networkList(networks) } } : null;
}

type Seen = {
  /** `X-Forwarded-For`: whatever the client wrote, and behind it what each proxy appended. */
  forwardedFor: string | undefined;
  /** What the connection comes from; undefined where that is not known. */
  peer: string | undefined;
};

/**
 * The address of a client. Read from the right, because each proxy appends the address it saw: anything
 * further left than the trusted proxies is the client's own invention.
 *
 * @returns undefined when no trusted proxy says so
 */
export function clientBehind(trusted: TrustedProxies, seen: Seen): string | undefined {
  if (!trusted) return undefined;
  const appended = seen.forwardedFor?.split(",").map(plainAddress) ?? [];
  if ("hops" in trusted) return appended.at(-trusted.hops);
  const peer = plainAddress(seen.peer ?? "");
  for (const address of [peer, ...appended.toReversed()])
    if (address === undefined || !isInNetworks(trusted.networks, address)) return address;
  // Only proxies: the first of them sent the request itself.
  return appended[0] ?? peer;
}

/** A host as it is compared: `[::1]`, `LOCALHOST` and `localhost.` are written in several ways. */
export function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}
