import { byId } from "@/app/(console)/by-id";
import { routes } from "@/components/routes";
import { conclude } from "@/lib/checks/conclusion";
import { findLastConnectionTest } from "@/lib/checks/queries";
import { findCapture } from "@/lib/contacts/capture/queries";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { whatStops } from "@/lib/email-accounts/repair-object";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import type { PageParameters } from "@/lib/kernel/sections/schema";
import { findCloudProvider } from "@/lib/registrations/queries";
import { findOutcome } from "@/lib/sign-ins/queries";
import type { Outcome } from "@/lib/sign-ins/schema";

/** What the page of an account shows. */
export type Shown = Awaited<ReturnType<typeof readShown>>;

export async function readShown(actor: Actor, id: string, parameters: PageParameters) {
  const account = await byId(id, (known) => findEmailAccount(actor, known));
  const requestId = idSchema.safeParse(parameters.authorization).data ?? null;
  const [capture, last, provider, outcome] = await Promise.all([
    findCapture(actor, account.id),
    // A report from before the last edit is listed below.
    account.lastTestedAt ? findLastConnectionTest(actor, account.id) : null,
    account.cloudProviderId ? findCloudProvider(actor, account.cloudProviderId) : null,
    requestId === null ? null : findOutcome(actor, requestId),
  ]);
  const isNew = parameters.added === "true" || isSignedIn(outcome);
  const isTested = isNew && canTest(account);
  const asked = askedOf(account, outcome);
  const place = { path: routes.emailAccount(account.id), parameters };
  const read = { capture, last, provider, requestId, outcome };
  return { actor, account, place, ...read, isTested, asked };
}

/** Missing permissions come first. */
function isSignedIn(outcome: Outcome | null): boolean {
  return outcome?.kind === "connected" && outcome.missingScopes.length === 0;
}

/** Without a sign-in the test would only say so. */
export function canTest({ active, modernAuthentication, tokenState }: EmailAccountDetail): boolean {
  return active && (!modernAuthentication || tokenState === "connected");
}

/** The one button that is filled. */
function askedOf(account: EmailAccountDetail, outcome: Outcome | null) {
  if (outcome?.kind === "confirm") return "answer";
  if (account.state === "test_failed") return "repair_what_test_found";
  return whatStops(account) === null ? "test" : "repair";
}

/** The last test's report says what it found; above it stands only that the sign-in is retried. */
export function toldAboveOf(account: EmailAccountDetail): string | null {
  if (account.state !== "test_failed") return whatStops(account);
  return account.tokenState === "retrying" ? account.failureId : null;
}

export function isToldAbove({ account, last }: Shown, remedyId: string): boolean {
  if (remedyId === toldAboveOf(account)) return true;
  if (account.state !== "test_failed") return false;
  // Without its report, the account knows one cause of maybe several.
  if (!last) return remedyId === account.testFailureId;
  return conclude(last.protocols).steps.some((step) => step.remedyId === remedyId);
}
