import "server-only";
import { z } from "zod";
import type { Destination } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { requireTokenSet, tokenSetSchema } from "@/lib/oauth/token-set";
import type { Outcome } from "../schema";
import { NOT_POLLED, openFor, type PendingRequest, sealFor } from "../store";

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
