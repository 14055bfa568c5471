import { conclude } from "@/lib/checks/conclusion";
import type { StoredReport } from "@/lib/checks/schema";
import { whatStops } from "@/lib/email-accounts/repair-object";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";

type Standing = Parameters<typeof whatStops>[0] & Pick<EmailAccountDetail, "tokenState">;

/** The last test's report says what it found; above it stands only that the sign-in is retried. */
export function toldAboveOf(account: Standing): string | null {
  if (account.state !== "test_failed") return whatStops(account);
  return account.tokenState === "retrying" ? account.failureId : null;
}

export function isToldAbove(
  account: Standing,
  last: Pick<StoredReport, "protocols"> | null,
  remedyId: string,
): boolean {
  if (remedyId === toldAboveOf(account)) return true;
  if (account.state !== "test_failed") return false;
  // Without its report, the account knows one cause of maybe several.
  if (!last) return remedyId === account.testFailureId;
  return conclude(last.protocols).steps.some((step) => step.remedyId === remedyId);
}
