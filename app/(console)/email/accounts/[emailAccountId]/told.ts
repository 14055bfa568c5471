import { conclude } from "@/lib/checks/conclusion";
import type { StoredReport } from "@/lib/checks/schema";
import { whatStops } from "@/lib/email-accounts/repair-object";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";

type Standing = Parameters<typeof whatStops>[0] & Pick<EmailAccountDetail, "tokenState">;

/**
 * What the top of the page tells. What the last test found is told by its report, with its words; above it stands
 * that the sign-in is retried, which may be why.
 */
export function toldAboveOf(account: Standing): string | null {
  if (account.state !== "test_failed") return whatStops(account);
  return account.tokenState === "retrying" ? account.failureId : null;
}

/** Whether the top of the page, or the failed test there, says what to do about a cause. */
export function isToldAbove(
  account: Standing,
  last: Pick<StoredReport, "protocols"> | null,
  remedyId: string,
): boolean {
  if (remedyId === toldAboveOf(account)) return true;
  if (account.state !== "test_failed") return false;
  // Without its report the account alone knows why its last test failed, and one cause of maybe several.
  if (!last) return remedyId === account.testFailureId;
  return conclude(last.protocols).steps.some((step) => step.remedyId === remedyId);
}
