"use client";

import { useTransition } from "react";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { attempt } from "@/components/use-action";
import type { Grant } from "@/lib/registrations/schema";
import { connectApplicationAction, connectMailboxesAction } from "./actions";

type Connectable = { cloudProviderId: string; grant: Grant };

/** Gets tokens without anyone signing in: the application's own, or those of each mailbox. */
export function useConnect({ cloudProviderId, grant }: Connectable) {
  const [isBusy, start] = useTransition();
  return { isBusy, connect: () => start(() => connect({ cloudProviderId, grant })) };
}

/** The same, for a caller that shows its own progress. */
export function connect({ cloudProviderId, grant }: Connectable): Promise<void> {
  return grant === "domain_wide"
    ? connectMailboxes(cloudProviderId)
    : connectApplication(cloudProviderId);
}

async function connectApplication(cloudProviderId: string): Promise<void> {
  const result = await attempt(() => connectApplicationAction({ cloudProviderId }));
  if (!result.ok) notifyProblem(result.error);
  else if (result.data.missing.length === 0) notifySuccess("The application is connected.");
  else
    notifyProblem(
      `The application is known, but was not granted ${result.data.missing.join(", ")}.`,
    );
}

async function connectMailboxes(cloudProviderId: string): Promise<void> {
  const result = await attempt(() => connectMailboxesAction({ cloudProviderId }));
  if (!result.ok) return notifyProblem(result.error);
  const { connected, failed } = result.data;
  if (failed > 0)
    return notifyProblem(`${mailboxes(failed)} could not be connected. This page says why.`);
  notifySuccess(
    connected === 0
      ? "No email account uses this service account yet. Postkey connects each account once it does."
      : `${mailboxes(connected)} ${connected === 1 ? "is" : "are"} connected.`,
  );
}

function mailboxes(count: number): string {
  return count === 1 ? "One mailbox" : `${count} mailboxes`;
}
