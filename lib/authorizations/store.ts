import "server-only";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { fromNow, MINUTE_MS } from "@/lib/clock";
import { hashToken, type SealPlace, seal, unseal } from "@/lib/crypto";
import { db, type Transaction } from "@/lib/db";
import { env } from "@/lib/env";
import { type Outcome, outcomeSchema } from "./schema";

/** RFC 6749 §4.1.2: a code lives ten minutes at the most, and so does the request for it. */
const REQUEST_LIFE_MS = 10 * MINUTE_MS;

export type PendingRequest = {
  id: string;
  cloudProviderId: string;
  providerVersion: number;
  sessionId: string;
  redirectUri: string;
  nonce: string;
  expectedUsername: string | null;
  expiresAt: Date;
  consumedAt: Date | null;
  outcome: Outcome | null;
};

type NewRequest = Pick<
  PendingRequest,
  "cloudProviderId" | "providerVersion" | "sessionId" | "redirectUri" | "nonce" | "expectedUsername"
> & { state: string; codeVerifier: string };

export async function createRequest({ state, codeVerifier, ...rest }: NewRequest): Promise<void> {
  const id = randomUUID();
  await db().authorizationRequest.create({
    data: {
      ...rest,
      id,
      stateHash: hashToken(state),
      codeVerifierSealed: seal(env().keyring, place(id, "codeVerifierSealed"), codeVerifier),
      expiresAt: fromNow(REQUEST_LIFE_MS),
    },
    select: { id: true },
  });
}

const requestView = {
  id: true,
  cloudProviderId: true,
  providerVersion: true,
  sessionId: true,
  redirectUri: true,
  nonce: true,
  expectedUsername: true,
  expiresAt: true,
  consumedAt: true,
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

/**
 * Single use: of any number of arrivals one gets the verifier, and may redeem the code.
 * @returns the code verifier, or null when another arrival was first
 */
export async function consumeRequest(id: string): Promise<string | null> {
  const { count } = await db().authorizationRequest.updateMany({
    where: { id, consumedAt: null, expiresAt: { gt: new Date() } },
    data: { consumedAt: new Date() },
  });
  if (count !== 1) return null;
  const { codeVerifierSealed } = await db().authorizationRequest.findUniqueOrThrow({
    where: { id },
    select: { codeVerifierSealed: true },
  });
  return unseal(env().keyring, place(id, "codeVerifierSealed"), codeVerifierSealed);
}

export async function saveOutcome(tx: Transaction, id: string, outcome: Outcome): Promise<void> {
  await tx.authorizationRequest.update({
    where: { id },
    data: { outcome, pendingSealed: null },
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
  tokens: z.object({
    accessToken: z.string(),
    expiresAt: z.coerce.date(),
    scopes: z.array(z.string()),
    idToken: z.string(),
    cache: z.string(),
  }),
  missingScopes: z.array(z.string()),
});

/** A sign-in that waits for a person's yes, tokens included. */
export type PendingSignIn = z.output<typeof pendingSchema>;

export async function savePending(id: string, outcome: Outcome, pending: PendingSignIn) {
  const pendingSealed = seal(env().keyring, place(id, "pendingSealed"), JSON.stringify(pending));
  await db().authorizationRequest.update({
    where: { id },
    data: { outcome, pendingSealed },
    select: { id: true },
  });
}

/** @returns the sign-in that waits, to whoever asks first; the second gets null */
export async function takePending(id: string, sessionId: string): Promise<PendingSignIn | null> {
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
  const opened = unseal(env().keyring, place(id, "pendingSealed"), row.pendingSealed);
  return pendingSchema.parse(JSON.parse(opened));
}

/** Answered or not: an hour later nobody comes back to it. */
export async function deleteOldRequests(): Promise<void> {
  await db().authorizationRequest.deleteMany({
    where: { expiresAt: { lt: fromNow(-60 * MINUTE_MS) } },
  });
}

function place(id: string, column: string): SealPlace {
  return { table: "AuthorizationRequest", id, column };
}
