import "server-only";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type RequestColumns, requestDestination } from "@/lib/installation/keys/destinations";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import {
  type Destination,
  hashToken,
  randomToken,
  SealError,
  type SealPlace,
  seal,
  unseal,
} from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import type { DeviceAuthorization } from "@/lib/oauth/service";
import { requireTokenSet, tokenSetSchema } from "@/lib/oauth/token-set";
import { type Outcome, outcomeSchema } from "./schema";

/** RFC 6749 §4.1.2: a code lives ten minutes at the most, and so does the request for it. */
const REQUEST_LIFE_MS = 10 * MINUTE_MS;

export type PendingRequest = {
  id: string;
  kind: string;
  /** Who began it, where it is completed by nobody's browser. */
  startedByName: string | null;
  cloudProviderId: string;
  providerVersion: number;
  sessionId: string;
  redirectUri: string;
  nonce: string;
  expectedUsername: string | null;
  /** The account for whose move somebody signs in. */
  emailAccountId: string | null;
  expiresAt: Date;
  consumedAt: Date | null;
  /** Of the answer that ended it. */
  answerHash: string | null;
  outcome: Outcome | null;
};

type NewRequest = Pick<
  PendingRequest,
  "cloudProviderId" | "providerVersion" | "sessionId" | "redirectUri" | "nonce" | "expectedUsername"
> & {
  state: string;
  codeVerifier: string;
  kind?: "admin_consent";
  emailAccountId?: string | null;
  /** Where the provider's secrets may be sent. */
  destination: Destination;
};

export async function createRequest(input: NewRequest): Promise<void> {
  const { state, codeVerifier, destination, ...rest } = input;
  const id = randomUUID();
  const request = { kind: "sign_in", emailAccountId: null, ...rest, id };
  await db().authorizationRequest.create({
    data: {
      ...rest,
      id,
      stateHash: hashToken(state),
      codeVerifierSealed: sealFor(request, destination, ["codeVerifierSealed", codeVerifier]),
      expiresAt: await databaseNow(REQUEST_LIFE_MS),
    },
    select: { id: true },
  });
}

const requestView = {
  ...{ id: true, kind: true, startedByName: true },
  cloudProviderId: true,
  providerVersion: true,
  sessionId: true,
  redirectUri: true,
  nonce: true,
  expectedUsername: true,
  emailAccountId: true,
  expiresAt: true,
  consumedAt: true,
  answerHash: true,
  outcome: true,
} as const;

export async function findRequestByState(state: string): Promise<PendingRequest | null> {
  const row = await db().authorizationRequest.findUnique({
    where: { stateHash: hashToken(state) },
    select: requestView,
  });
  return row && { ...row, outcome: outcomeSchema.nullable().parse(row.outcome) };
}

export async function findRequest(id: string, sessionId: string): Promise<PendingRequest | null> {
  const row = await db().authorizationRequest.findFirst({
    where: { id, sessionId },
    select: requestView,
  });
  return row && { ...row, outcome: outcomeSchema.nullable().parse(row.outcome) };
}

/** No platform gives a code longer than an hour: token-reply.ts, device-code.ts. */
export async function isRequestOver(id: string): Promise<boolean> {
  const open = await db().$queryRaw<object[]>`SELECT id FROM "AuthorizationRequest"
    WHERE id = ${id}::uuid AND postkey_holds("expiresAt", interval '1 hour')
      AND NOT postkey_is_ahead("createdAt")`;
  return open.length === 0;
}

/**
 * Single use: of any number of arrivals one gets the verifier, still sealed, and may redeem the code.
 * @returns null when another arrival was first
 */
export async function consumeRequest(id: string, answerHash: string): Promise<string | null> {
  if (await isRequestOver(id)) return null;
  const { count } = await db().authorizationRequest.updateMany({
    where: { id, consumedAt: null },
    data: { consumedAt: await databaseNow(), answerHash },
  });
  if (count !== 1) return null;
  const { codeVerifierSealed } = await db().authorizationRequest.findUniqueOrThrow({
    where: { id },
    select: { codeVerifierSealed: true },
  });
  return codeVerifierSealed;
}

/** @param destination of the registration at which the code is redeemed @throws AppError locked */
export function openVerifier(
  request: PendingRequest,
  destination: Destination,
  codeVerifierSealed: string,
): string {
  return openFor(request, destination, ["codeVerifierSealed", codeVerifierSealed]);
}

/** What is decided is not asked about any more, and its code is erased. */
const NOT_POLLED = { nextPollAt: null, deviceCodeSealed: null };

export async function saveOutcome(tx: Transaction, id: string, outcome: Outcome): Promise<void> {
  await tx.authorizationRequest.update({
    where: { id },
    data: { outcome, pendingSealed: null, ...NOT_POLLED },
    select: { id: true },
  });
}

const pendingSchema = z.object({
  identity: z.object({
    objectId: z.string(),
    tenantId: z.string(),
    username: z.string(),
    displayName: z.string(),
  }),
  tokens: tokenSetSchema,
  missingScopes: z.array(z.string()),
});

/** A sign-in that waits for a person's yes, tokens included. */
export type PendingSignIn = z.output<typeof pendingSchema>;

type Waiting = { outcome: Outcome; pending: PendingSignIn; destination: Destination };

/** @param request as it was begun, at the provider of this destination */
export async function savePending(
  request: PendingRequest,
  { outcome, pending, destination }: Waiting,
): Promise<void> {
  requireTokenSet(pending.tokens);
  const text = JSON.stringify(pending);
  const pendingSealed = sealFor(request, destination, ["pendingSealed", text]);
  await db().authorizationRequest.update({
    where: { id: request.id },
    data: { outcome, pendingSealed, ...NOT_POLLED },
    select: { id: true },
  });
}

/**
 * @param destination of the provider as it is now
 * @returns the sign-in that waits, to whoever asks first; the second gets null
 * @throws AppError locked
 */
export async function takePending(
  request: PendingRequest,
  destination: Destination,
): Promise<PendingSignIn | null> {
  const { id, sessionId } = request;
  const row = await db().authorizationRequest.findFirst({
    where: { id, sessionId, pendingSealed: { not: null } },
    select: { pendingSealed: true },
  });
  if (!row?.pendingSealed) return null;
  const { count } = await db().authorizationRequest.updateMany({
    where: { id, pendingSealed: row.pendingSealed },
    data: { pendingSealed: null },
  });
  if (count !== 1) return null;
  const opened = openFor(request, destination, ["pendingSealed", row.pendingSealed]);
  return pendingSchema.parse(JSON.parse(opened));
}

/** Answered or not: an hour later nobody comes back to it. */
export async function deleteOldRequests(): Promise<void> {
  await db().authorizationRequest.deleteMany({
    where: { expiresAt: { lt: await databaseNow(-HOUR_MS) } },
  });
}

type NewDeviceRequest = Pick<
  PendingRequest,
  "cloudProviderId" | "providerVersion" | "sessionId" | "expectedUsername"
> & { startedByName: string; device: DeviceAuthorization; destination: Destination };

/** @returns the id of the request, which is answered by polling and never by a browser */
export async function createDeviceRequest(input: NewDeviceRequest): Promise<string> {
  const { device, destination, ...rest } = input;
  const id = randomUUID();
  const none = { kind: "device_code", redirectUri: "", nonce: "", emailAccountId: null };
  const request = { ...rest, ...none, id };
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

/** A device code that is due to be asked about, or is over; nobody else asks until its next turn. */
export async function claimDeviceRequest(): Promise<DeviceRequest | null> {
  const [claimed] = await db().$queryRaw<{ id: string }[]>`
    UPDATE "AuthorizationRequest" SET "nextPollAt" = now() + interval '30 seconds'
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
  const { deviceCodeSealed, outcome, pollIntervalMs, ...request } = row;
  return {
    ...request,
    outcome: outcomeSchema.nullable().parse(outcome),
    pollIntervalMs: pollIntervalMs ?? SECOND_MS,
    deviceCodeSealed,
  };
}

/** With which the platform is asked. @throws AppError locked */
export function openHandle(request: DeviceRequest, destination: Destination): string {
  return openFor(request, destination, ["deviceCodeSealed", request.deviceCodeSealed]);
}

type Handle = { handle: string; destination: Destination };

/**
 * That the person is not done yet: when to ask again, and how long to wait from now on; where the platform
 * gave out another handle, with that.
 */
export async function pollAgain(
  request: DeviceRequest,
  next: { waitMs: number; pollIntervalMs: number; handed?: Handle },
): Promise<void> {
  const { id } = request;
  const { waitMs, pollIntervalMs, handed } = next;
  const deviceCodeSealed = handed
    ? sealFor(request, handed.destination, ["deviceCodeSealed", handed.handle])
    : request.deviceCodeSealed;
  await db().authorizationRequest.updateMany({
    where: { id, nextPollAt: { not: null } },
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

type Bound = RequestColumns & { id: string };

/** A value for a column of a request: only the sign-in that was begun opens it, at its own provider. */
function sealFor(request: Bound, provider: Destination, [column, text]: [string, string]): string {
  return seal(env().keyring, placeOf(request, provider, column), text);
}

function openFor(request: Bound, provider: Destination, [column, text]: [string, string]): string {
  try {
    return unseal(env().keyring, placeOf(request, provider, column), text);
  } catch (error) {
    throw error instanceof SealError ? lockedRequest(error) : error;
  }
}

function placeOf(request: Bound, provider: Destination, column: string): SealPlace {
  const destination = requestDestination(provider, request);
  return { table: "AuthorizationRequest", id: request.id, column, destination };
}

function lockedRequest(cause: SealError): AppError {
  const message =
    "This sign-in can't be decrypted: the encryption key is a different one, or the sign-in or its provider was changed. Start again.";
  return new AppError("locked", message, { cause, remedyId: "postkey.locked" });
}
