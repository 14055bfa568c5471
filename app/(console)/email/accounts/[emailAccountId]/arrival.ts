import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import type { PageParameters } from "@/lib/kernel/turns/schema";
import { findOutcome } from "@/lib/sign-ins/queries";
import type { Outcome } from "@/lib/sign-ins/schema";

export type Arrival = {
  requestId: string | null;
  outcome: Outcome | null;
  isTested: boolean;
};

export async function readArrival(
  actor: Actor,
  account: EmailAccountDetail,
  { added, authorization }: PageParameters,
): Promise<Arrival> {
  const requestId = idSchema.safeParse(authorization).data ?? null;
  const outcome = requestId === null ? null : await findOutcome(actor, requestId);
  const isNew = added === "true" || isSignedIn(outcome);
  return { requestId, outcome, isTested: isNew && canTest(account) };
}

/** Missing permissions come first. */
function isSignedIn(outcome: Outcome | null): boolean {
  return outcome?.kind === "connected" && outcome.missingScopes.length === 0;
}

/** Without a sign-in the test would only say so. */
function canTest({ active, modernAuthentication, tokenState }: EmailAccountDetail): boolean {
  return active && (!modernAuthentication || tokenState === "connected");
}
