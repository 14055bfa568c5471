import { randomUUID } from "node:crypto";
import { z } from "zod";
import { requestDestination } from "@/lib/installation/keys/destinations";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { type Destination, hashToken, type SealPlace, seal } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { openOrLock } from "@/lib/kernel/open-sealed";
import type { Transaction } from "@/lib/kernel/transaction";
import { only } from "@/lib/kernel/words";
import { requireTokenSet, tokenSetSchema } from "@/lib/oauth/token-reply";
import type { StoredRegistration } from "@/lib/registrations/store";
import type { Prisma } from "@/prisma/generated/client";
import { type Outcome, outcomeSchema } from "./schema";

/** RFC 6749 §4.1.2: a code lives at most ten minutes, and so does the request for it. */
const REQUEST_LIFE_MS = 10 * MINUTE_MS;

export const requestView = only(
  "id kind startedByName cloudProviderId providerVersion sessionId redirectUri nonce",
  "expectedUsername emailAccountId signInLinkId expiresAt consumedAt answerHash outcome",
) satisfies Prisma.AuthorizationRequestSelect;

type StoredRequest = Prisma.AuthorizationRequestGetPayload<{ select: typeof requestView }>;
export type PendingRequest = Omit<StoredRequest, "outcome"> & { outcome: Outcome | null };

type NewRequest = Pick<PendingRequest, "sessionId"> & {
  kind?: "admin_consent";
  state: string;
  nonce?: string;
  codeVerifier?: string;
  expectedUsername?: string | null;
  emailAccountId?: string | null;
  signInLinkId?: string | null;
};

export async function createRequest(
  registration: StoredRegistration,
  { state, codeVerifier = "", nonce = "", expectedUsername = null, ...rest }: NewRequest,
): Promise<void> {
  const { cloudProviderId, providerVersion, redirectUri, destination } = registration;
  const id = randomUUID();
  const begun = { cloudProviderId, providerVersion, redirectUri, nonce, expectedUsername };
  const request = { kind: "sign_in", emailAccountId: null, ...begun, ...rest, id };
  await db().authorizationRequest.create({
    data: {
      ...request,
      stateHash: hashToken(state),
      codeVerifierSealed: sealFor(request, destination, ["codeVerifierSealed", codeVerifier]),
      expiresAt: await databaseNow(REQUEST_LIFE_MS),
    },
    select: { id: true },
  });
}

export function findRequestByState(state: string): Promise<PendingRequest | null> {
  return find({ stateHash: hashToken(state) });
}

export function findRequest(id: string, sessionId: string): Promise<PendingRequest | null> {
  return find({ id, sessionId });
}

async function find(where: Prisma.AuthorizationRequestWhereUniqueInput) {
  const row = await db().authorizationRequest.findUnique({ where, select: requestView });
  return row && withOutcome(row);
}

export function withOutcome<R extends { outcome: unknown }>(row: R) {
  return { ...row, outcome: outcomeSchema.nullable().parse(row.outcome) };
}

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

/** One of any number of arrivals gets the verifier, sealed, and may redeem the code; others null. */
export async function consumeRequest(id: string, answerHash: string): Promise<string | null> {
  if (await isRequestOver(id)) return null;
  const [consumed] = await db().$queryRaw<{ codeVerifierSealed: string }[]>`
    UPDATE "AuthorizationRequest" SET "consumedAt" = now(), "answerHash" = ${answerHash}
    WHERE id = ${id}::uuid AND "consumedAt" IS NULL RETURNING "codeVerifierSealed"`;
  return consumed?.codeVerifierSealed ?? null;
}

/** @param destination of the registration at which the code is redeemed @throws AppError locked */
export function openVerifier(
  request: PendingRequest,
  destination: Destination,
  codeVerifierSealed: string,
): string {
  return openFor(request, destination, ["codeVerifierSealed", codeVerifierSealed]);
}

export function saveOutcome(tx: Transaction, id: string, outcome: Outcome): Promise<void> {
  return decide(tx, id, { outcome, pendingSealed: null });
}

/** What is decided is not asked about any more, and its code is erased. */
async function decide(
  tx: Transaction,
  id: string,
  decided: { outcome: Outcome; pendingSealed: string | null },
): Promise<void> {
  const data = { ...decided, nextPollAt: null, deviceCodeSealed: null };
  await tx.authorizationRequest.update({ where: { id }, data, select: { id: true } });
}

/** Answered or not: an hour later they are no longer needed. */
export async function deleteOldRequests(): Promise<void> {
  await db().authorizationRequest.deleteMany({
    where: { expiresAt: { lt: await databaseNow(-HOUR_MS) } },
  });
}

type Bound = Parameters<typeof requestDestination>[1] & { id: string };

/** Only the sign-in that was begun opens it, at its own provider. */
export function sealFor(request: Bound, provider: Destination, [column, text]: [string, string]) {
  return seal(env().keyring, placeOf(request, provider, column), text);
}

export function openFor(request: Bound, provider: Destination, [column, text]: [string, string]) {
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

type Waiting = { outcome: Outcome; pending: PendingSignIn; destination: Destination };

export async function savePending(
  tx: Transaction,
  request: PendingRequest,
  { outcome, pending, destination }: Waiting,
): Promise<void> {
  requireTokenSet(pending.tokens);
  const text = JSON.stringify(pending);
  const pendingSealed = sealFor(request, destination, ["pendingSealed", text]);
  await decide(tx, request.id, { outcome, pendingSealed });
}

/** For the first caller; null for the second. @throws AppError locked */
export async function takePending(request: PendingRequest, destination: Destination) {
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
