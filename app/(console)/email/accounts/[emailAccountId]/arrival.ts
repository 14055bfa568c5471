import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import type { PageParameters } from "@/lib/kernel/turns/schema";
import { findOutcome } from "@/lib/sign-ins/queries";
import type { Outcome } from "@/lib/sign-ins/schema";

/** Where a visitor to an account's page comes from, and whether that starts a test. */
export type Arrival = {
  /** Of the sign-in that leads back here. */
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

/** With all that was asked for: where a permission is missing, that is what to look at first. */
function isSignedIn(outcome: Outcome | null): boolean {
  return outcome?.kind === "connected" && outcome.missingScopes.length === 0;
}

/** One that no one is signed in for would only be told so. */
function canTest({ active, modernAuthentication, tokenState }: EmailAccountDetail): boolean {
  return active && (!modernAuthentication || tokenState === "connected");
}
