import "server-only";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type RequestColumns, requestDestination } from "@/lib/installation/keys/destinations";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { type Destination, hashToken, type SealPlace, seal } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { openOrLock } from "@/lib/kernel/open-sealed";
import type { Transaction } from "@/lib/kernel/transaction";
import { requireTokenSet, tokenSetSchema } from "@/lib/oauth/token-set";
import { type Outcome, outcomeSchema } from "./schema";

/** RFC 6749 §4.1.2: a code lives at most ten minutes, and so does the request for it. */
const REQUEST_LIFE_MS = 10 * MINUTE_MS;

export type PendingRequest = RequestColumns & {
  id: string;
  /** Who began it, if no browser completes it. */
  startedByName: string | null;
  /** The link with which its owner began it. */
  signInLinkId: string | null;
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
  signInLinkId?: string | null;
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

export const requestView = {
  id: true,
  kind: true,
  startedByName: true,
  cloudProviderId: true,
  providerVersion: true,
  sessionId: true,
  redirectUri: true,
  nonce: true,
  expectedUsername: true,
  emailAccountId: true,
  signInLinkId: true,
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

/** How an account signs in that a sign-in was for; null when it was deleted. */
export function findSigningIn(emailAccountId: string) {
  return db().emailAccount.findUnique({
    where: { id: emailAccountId },
    select: { modernAuthentication: true, cloudProviderId: true },
  });
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
export const NOT_POLLED = { nextPollAt: null, deviceCodeSealed: null };

export async function saveOutcome(tx: Transaction, id: string, outcome: Outcome): Promise<void> {
  await tx.authorizationRequest.update({
    where: { id },
    data: { outcome, pendingSealed: null, ...NOT_POLLED },
    select: { id: true },
  });
}

/** Answered or not: an hour later they are no longer needed. */
export async function deleteOldRequests(): Promise<void> {
  await db().authorizationRequest.deleteMany({
    where: { expiresAt: { lt: await databaseNow(-HOUR_MS) } },
  });
}

type Bound = RequestColumns & { id: string };

/** A value for a column of a request: only the sign-in that was begun opens it, at its own provider. */
export function sealFor(
  request: Bound,
  provider: Destination,
  [column, text]: [string, string],
): string {
  return seal(env().keyring, placeOf(request, provider, column), text);
}

export function openFor(
  request: Bound,
  provider: Destination,
  [column, text]: [string, string],
): string {
  return openOrLock(
    placeOf(request, provider, column),
    text,
    "This sign-in can't be decrypted: the encryption key is a different one, or the sign-in or its provider was changed. Start again.",
  );
}

function placeOf(request: Bound, provider: Destination, column: string): SealPlace {
  const destination = requestDestination(provider, request);
  return { table: "AuthorizationRequest", id: request.id, column, destination };
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

export type Waiting = { outcome: Outcome; pending: PendingSignIn; destination: Destination };

/** @param request as it was begun, at the provider of this destination */
export async function savePending(
  tx: Transaction,
  request: PendingRequest,
  { outcome, pending, destination }: Waiting,
): Promise<void> {
  requireTokenSet(pending.tokens);
  const text = JSON.stringify(pending);
  const pendingSealed = sealFor(request, destination, ["pendingSealed", text]);
  await tx.authorizationRequest.update({
    where: { id: request.id },
    data: { outcome, pendingSealed, ...NOT_POLLED },
    select: { id: true },
  });
}

/**
 * @param destination of the provider as it is now
 * @returns the sign-in that waits, to the first caller; the second gets null
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
