import { once } from "node:events";
import type { Socket } from "node:net";
import { SECOND_MS } from "@/lib/kernel/clock";
import { plainAddress } from "@/lib/kernel/networks";

/** HAProxy, proxy-protocol.txt §2 */
const V1 = Buffer.from("PROXY ");
const V1_MAX = 107;
const V2 = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
const V2_FIXED = 16;
const V2_MAX = V2_FIXED + 536;

export class NoProxyHeader extends Error {
  override readonly name = "NoProxyHeader";
}

/** @returns null when the proxy speaks for itself @throws NoProxyHeader */
export async function takeProxyHeader(socket: Socket): Promise<string | null> {
  const stop = AbortSignal.timeout(5 * SECOND_MS);
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    const header = readHeader(bytes);
    if (header) {
      if (bytes.length > header.length) socket.unshift(bytes.subarray(header.length));
      return header.address;
    }
    const chunk: Buffer | null = socket.read();
    if (chunk) bytes = Buffer.concat([bytes, chunk]);
    else if (socket.destroyed || socket.readableEnded) throw new NoProxyHeader();
    else await once(socket, "readable", { signal: stop }).catch(noHeader);
  }
}

function noHeader(cause: unknown): never {
  throw new NoProxyHeader("", { cause });
}

type Header = { length: number; address: string | null };

/** Null while incomplete. @throws NoProxyHeader */
export function readHeader(bytes: Buffer): Header | null {
  if (beginsLike(bytes, V2)) return bytes.length < V2_FIXED ? null : readV2(bytes);
  if (beginsLike(bytes, V1)) return readV1(bytes);
  throw new NoProxyHeader();
}

function beginsLike(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length);
  return bytes.subarray(0, length).equals(start.subarray(0, length));
}

function readV1(bytes: Buffer): Header | null {
  const end = bytes.indexOf("\r\n");
  if (end < 0 && bytes.length < V1_MAX) return null;
  if (end < 0 || end + 2 > V1_MAX) throw new NoProxyHeader();
  const [, family, source = "", ...more] = bytes.toString("latin1", 0, end).split(" ");
  if (family === "UNKNOWN") return { length: end + 2, address: null };
  const address = plainAddress(source);
  if (!/^TCP[46]$/.test(family ?? "") || address === undefined || more.length !== 3)
    throw new NoProxyHeader();
  return { length: end + 2, address };
}

function readV2(bytes: Buffer): Header | null {
  const [versionAndCommand = 0, family = 0] = bytes.subarray(12, 14);
  const length = V2_FIXED + bytes.readUInt16BE(14);
  if (versionAndCommand >> 4 !== 2 || length > V2_MAX) throw new NoProxyHeader();
  if (bytes.length < length) return null;
  const isLocal = (versionAndCommand & 0x0f) === 0;
  const source = isLocal ? null : sourceOf(family, bytes.subarray(V2_FIXED, length));
  return { length, address: source };
}

function sourceOf(family: number, addresses: Buffer): string | null {
  if (family >> 4 === 1 && addresses.length >= 12) return [...addresses.subarray(0, 4)].join(".");
  if (family >> 4 === 2 && addresses.length >= 36) {
    const groups = addresses.toString("hex", 0, 16).match(/.{4}/g) ?? [];
    return plainAddress(new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1)) ?? null;
  }
  if (family === 0) return null;
  throw new NoProxyHeader();
}
