import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { User } from "../directory";

/** A device code (RFC 8628), and the outcome at the page where its user code is typed. */
export interface DeviceGrant {
  deviceCode: string;
  userCode: string;
  clientId: string;
  scope: string;
  issuedAt: number;
  familyId: string;
  answer: { kind: "pending" } | { kind: "declined" } | { kind: "accepted"; user: User };
  lastPollAt: number;
  isRedeemed: boolean;
}

export interface DeviceGrants {
  issue(grant: { clientId: string; scope: string; now: number }): DeviceGrant;
  findByDeviceCode(code: string): DeviceGrant | undefined;
  findByUserCode(code: string): DeviceGrant | undefined;
  clear(): void;
}

export const DEVICE_CODE_LIFETIME_MS = 15 * 60_000;
/** Letters that cannot be mistaken for one another, as in Microsoft's codes. */
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const USER_CODE_LENGTH = 9;

/** In memory: they are over after a quarter of an hour anyway. */
export function createDeviceGrants(): DeviceGrants {
  const grants = new Map<string, DeviceGrant>();
  return {
    issue({ clientId, scope, now }) {
      const deviceCode = `1.${randomBytes(64).toString("base64url")}`;
      const grant: DeviceGrant = {
        deviceCode,
        userCode: userCode(),
        clientId,
        scope,
        issuedAt: now,
        familyId: randomUUID(),
        lastPollAt: 0,
        isRedeemed: false,
        answer: { kind: "pending" },
      };
      grants.set(deviceCode, grant);
      return grant;
    },
    findByDeviceCode: (code) => grants.get(code),
    findByUserCode: (code) =>
      [...grants.values()].find((grant) => grant.userCode === code.trim().toUpperCase()),
    clear: () => grants.clear(),
  };
}

function userCode(): string {
  return Array.from({ length: USER_CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join(
    "",
  );
}
