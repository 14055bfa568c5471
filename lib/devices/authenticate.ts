import { createHash, timingSafeEqual } from "node:crypto";
import type { Protocol } from "@/lib/egress/protocols/schema";
import { isInNetworks, networkList } from "@/lib/kernel/networks";
import { emailKey, nameKey } from "@/lib/kernel/text/normalize";
import { randomCharacters, readCharacters } from "@/lib/people/crockford";
import type { Outcome } from "./attempts/schema";
import { type FoundDevice, findDeviceByPrefix, findDeviceByUser } from "./store";

export type Presented = { user: string; password: string; protocol: Protocol; address: string };

export type Authenticated =
  | { outcome: "ok"; device: FoundDevice }
  | { outcome: Exclude<Outcome, "ok">; device: { id: string; name: string } | null };

/** Tells nothing of a device before its password is right. */
export async function authenticateDevice(presented: Presented): Promise<Authenticated> {
  const { prefix, hash } = readPassword(presented.password);
  const found = prefix === null ? null : await findDeviceByPrefix(prefix);
  const user = readUser(presented.user);
  if (!isSameHash(hash, found?.passwordHash) || !found)
    return { outcome: "wrong_password", device: found ?? (await findDeviceByUser(user)) };
  const outcome = refusalOf(found, presented, user);
  return outcome ? { outcome, device: found } : { outcome: "ok", device: found };
}

function refusalOf(device: FoundDevice, { protocol, address }: Presented, user: string) {
  if (device.isRevoked) return "revoked";
  if (!isItsName(device, user)) return "wrong_user";
  if (device.isExpired) return "expired";
  const { networks } = device;
  if (networks.length > 0 && !isInNetworks(networkList(networks), address))
    return "network_refused";
  if (!device.protocols.includes(protocol)) return "protocol_refused";
  if (device.isPaused) return "paused";
  return device.accountActive ? null : "account_inactive";
}

/** The password names the device, so a device with one field for its login and its sender has one to use. */
function isItsName(device: FoundDevice, user: string): boolean {
  const { nameKey: own, emailKey: email, usernameKey, mailbox } = device;
  return [own, email, usernameKey, mailbox === null ? email : emailKey(mailbox)].includes(user);
}

const USER_MAX = 512;

/** `DOMAIN\user` and Exchange's `user\mailbox` by their last part; some printers send their field with a NUL. */
export function readUser(typed: string): string {
  const last = typed.slice(0, USER_MAX).replaceAll("\0", "").split("\\").at(-1) ?? "";
  return last.includes("@") ? emailKey(last.trim()) : nameKey(last.trim());
}

const PREFIX_LENGTH = 6;
/** 130 random bits. */
const SECRET_LENGTH = 26;

/** What a device is found by. It is no secret, and stays when the device gets a new password. */
export function newPrefix(): string {
  return randomCharacters(PREFIX_LENGTH);
}

export function newPassword(prefix: string): string {
  return `${prefix}${randomCharacters(SECRET_LENGTH)}`;
}

/** What is stored of a password. Slow hashing protects nothing at 130 random bits. */
export function hashPassword(password: string): string {
  return createHash("sha256").update(password).digest("base64url");
}

/** As people type it: in capitals, with spaces, or look-alike letters. Null: no device's. */
export function readPassword(typed: string): { prefix: string | null; hash: string } {
  // Text longer than any typing mistake is not a password, and costs nothing.
  const password = readCharacters(typed.slice(0, 256));
  const prefix = password.slice(0, PREFIX_LENGTH);
  return { prefix: /^[0-9a-z]{6}$/.test(prefix) ? prefix : null, hash: hashPassword(password) };
}

/** Compares in a time that tells nothing, also where there is no device. */
export function isSameHash(hash: string, stored: string | undefined): boolean {
  const [given, other] = [Buffer.from(hash), Buffer.from(stored ?? NO_DEVICE)];
  return given.length === other.length && timingSafeEqual(given, other) && stored !== undefined;
}

const NO_DEVICE = hashPassword("");
