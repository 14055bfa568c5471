import { act } from "@/components/acts";
import type { Run } from "@/components/confirm-dialog";
import { notifyProblem, notifySuccess } from "@/components/notify";
import type { Grant } from "@/lib/registrations/schema";
import { connectApplicationAction, connectMailboxesAction } from "./actions";

type Connectable = { cloudProviderId: string; grant: Grant };

export function connecting({ cloudProviderId, grant }: Connectable): Run {
  return grant === "domain_wide"
    ? act(() => connectMailboxesAction({ cloudProviderId }), tellMailboxes)
    : act(() => connectApplicationAction({ cloudProviderId }), tellMissing);
}

function tellMissing({ missing }: { missing: readonly string[] }): void {
  if (missing.length === 0) notifySuccess("The application is connected.");
  else notifyProblem(`The application is known, but was not granted ${missing.join(", ")}.`);
}

function tellMailboxes({ connected, failed }: { connected: number; failed: number }): void {
  const connects = connected === 1 ? "is connected" : "are connected";
  if (failed > 0) notifyProblem(`${mailboxes(failed)} could not be connected. This page says why.`);
  else if (connected > 0) notifySuccess(`${mailboxes(connected)} ${connects}.`);
  else
    notifySuccess(
      "No email account uses this service account yet. Postkey connects each account once it does.",
    );
}

function mailboxes(count: number): string {
  return count === 1 ? "One mailbox" : `${count} mailboxes`;
}
