import { randomUUID } from "node:crypto";
import { SECOND_MS } from "@/lib/kernel/clock";
import { type Destination, hashToken, randomToken } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { LEASES } from "@/lib/kernel/leases";
import type { DeviceAuthorization } from "@/lib/oauth/service";
import type { StoredRegistration } from "@/lib/registrations/store";
import { Prisma } from "@/prisma/generated/client";
import { openFor, type PendingRequest, requestView, sealFor, withOutcome } from "../store";

type NewDeviceRequest = Pick<PendingRequest, "sessionId" | "expectedUsername"> & {
  startedByName: string;
  device: DeviceAuthorization;
};

/** @returns the id of the request, which is answered by polling and never by a browser */
export async function createDeviceRequest(
  { cloudProviderId, providerVersion, destination }: StoredRegistration,
  { device, ...rest }: NewDeviceRequest,
): Promise<string> {
  const id = randomUUID();
  const none = { kind: "device_code", redirectUri: "", nonce: "", emailAccountId: null };
  const request = { ...rest, ...none, id, cloudProviderId, providerVersion };
  await db().authorizationRequest.create({
    data: {
      ...request,
      stateHash: hashToken(randomToken()),
      codeVerifierSealed: sealFor(request, destination, ["codeVerifierSealed", ""]),
      deviceCodeSealed: sealFor(request, destination, ["deviceCodeSealed", device.handle]),
      userCode: device.userCode,
      verificationUri: device.verificationUri,
      pollIntervalMs: device.intervalMs,
      nextPollAt: await databaseNow(device.intervalMs),
      expiresAt: await databaseNow(device.expiresInMs),
    },
    select: { id: true },
  });
  return id;
}

export type DeviceRequest = PendingRequest & { deviceCodeSealed: string; pollIntervalMs: number };

/** A process that asks about a code postpones its next turn by this, and sets the real time afterwards. */
const untilNextTurn = Prisma.raw(LEASES.deviceCode.until);

/** One that is due, or has expired; no other process asks until its next turn. */
export async function claimDeviceRequest(): Promise<DeviceRequest | null> {
  // Ends: One code after the other, while any is due.
  const [claimed] = await db().$queryRaw<{ id: string }[]>`
    UPDATE "AuthorizationRequest" SET "nextPollAt" = ${untilNextTurn}
    WHERE id = (SELECT id FROM "AuthorizationRequest" WHERE "nextPollAt" IS NOT NULL
        AND NOT postkey_holds("nextPollAt", interval '1 hour')
      ORDER BY "nextPollAt" LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  if (!claimed) return null;
  const row = await db().authorizationRequest.findUnique({
    where: { id: claimed.id },
    select: { ...requestView, deviceCodeSealed: true, pollIntervalMs: true },
  });
  if (!row?.deviceCodeSealed) return null;
  const { deviceCodeSealed, pollIntervalMs, ...request } = row;
  const interval = { pollIntervalMs: pollIntervalMs ?? SECOND_MS };
  return { ...withOutcome(request), ...interval, deviceCodeSealed };
}

/** With which the platform is asked. @throws AppError locked */
export function openHandle(request: DeviceRequest, destination: Destination): string {
  return openFor(request, destination, ["deviceCodeSealed", request.deviceCodeSealed]);
}

type NextPoll = {
  waitMs: number;
  pollIntervalMs: number;
  handed?: { handle: string; destination: Destination };
};

export async function pollAgain(request: DeviceRequest, next: NextPoll): Promise<void> {
  const { waitMs, pollIntervalMs, handed } = next;
  const deviceCodeSealed = handed
    ? sealFor(request, handed.destination, ["deviceCodeSealed", handed.handle])
    : request.deviceCodeSealed;
  await db().authorizationRequest.updateMany({
    where: { id: request.id, nextPollAt: { not: null } },
    data: { nextPollAt: await databaseNow(waitMs), pollIntervalMs, deviceCodeSealed },
  });
}

/** Ends a device code: it is not asked about any more. @returns whether it was still open */
export async function deleteDeviceRequest(id: string, sessionId: string): Promise<boolean> {
  const { count } = await db().authorizationRequest.deleteMany({
    where: { id, sessionId, kind: "device_code", nextPollAt: { not: null } },
  });
  return count === 1;
}
