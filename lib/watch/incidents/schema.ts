import { z } from "zod";
import { isFreshSchema } from "@/lib/checks/runs/schema";
import * as is from "@/lib/kernel/answers/schema";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { idSchema } from "@/lib/kernel/fields/schema";
import { counted } from "@/lib/kernel/text/schema";
import { words } from "@/lib/kernel/words";
import type { RepairButton, StepsTaken } from "@/lib/remedies/remedy";

export const incidentKindSchema = z.enum(
  words(
    "registration platform pause overdue sign_in locked mail secret_expired rotation certificate",
    "password passkey closed_mailbox",
  ),
);

/** Most network faults end before anyone could act. */
export const ANNOUNCE_AFTER_MS = 10 * MINUTE_MS;
/** A failure within it continues the incident. */
export const QUIET_MS = 10 * MINUTE_MS;

export const ANNOUNCE_AFTER = counted(ANNOUNCE_AFTER_MS / MINUTE_MS, "minute");
export const QUIET = counted(QUIET_MS / MINUTE_MS, "minute");

export const NAMED_ACCOUNTS = 5;

/** An incident of the API, with its entry of the error catalogue. */
export const incidentSchema = z.object({
  id: is.id,
  kind: incidentKindSchema,
  remedyId: is.text,
  title: is.text.describe("A short summary."),
  nextStep: is.text.describe("The first step to take."),
  subject: is.text.describe("The object that the incident is about."),
  accounts: is.count.describe("Number of accounts that it stops now."),
  openedAt: is.time.describe("When the incident last opened."),
  firstOpenedAt: is.maybeTime.describe(
    "When the incident first opened, if it failed again while it recovered. Null otherwise.",
  ),
  announcedAt: is.maybeTime.describe(
    "When alerts were sent. Null before, and once someone silences it.",
  ),
  quietSince: is.maybeTime.describe(
    `Since when the incident recovers: nothing fails, and ${QUIET} later it is resolved. Null while it fails.`,
  ),
  silencedByName: is.maybeText.describe("Who silenced the incident. Null for no one."),
  silencedUntil: is.maybeTime.describe(
    "When alerts about the incident begin again, if someone silenced it. Null until it is resolved.",
  ),
});

export type IncidentRow = Omit<z.input<typeof incidentSchema>, "title" | "nextStep"> & {
  cloudProviderId: string | null;
  peakAccounts: number;
  accountNames: string[];
  onlyAccountId: string | null;
  resolvedAt: Date | null;
};

export type ExplainedIncident = IncidentRow & {
  title: string;
  nextStep: string;
  steps: readonly string[];
  taken: StepsTaken;
  buttons: readonly RepairButton[];
};

/** It stops nothing, and mail is open to whom it should not be: it stands before all that stops. */
export const isBreach = ({ kind }: Pick<IncidentRow, "kind">) => kind === "closed_mailbox";

export const INCIDENT_STATE_LABELS = {
  open: "Open",
  recovering: "Recovering",
  over: "Resolved",
} as const;
export type IncidentState = keyof typeof INCIDENT_STATE_LABELS;

export const INCIDENT_SILENCES = [1, 8, 24, 168, null] as const;

export function isSilenced(
  { silencedByName, silencedUntil }: Pick<IncidentRow, "silencedByName" | "silencedUntil">,
  now: Date,
): boolean {
  return silencedByName !== null && (silencedUntil === null || silencedUntil > now);
}

export const incidentIdSchema = z.strictObject({ incidentId: idSchema });
export const silenceIncidentSchema = incidentIdSchema.extend({
  hours: z.literal(INCIDENT_SILENCES, { error: "Choose how long." }),
});
export const testIncidentSchema = incidentIdSchema.extend({ isFresh: isFreshSchema });

/** Null while it goes on. */
export function lastedMs(row: Lasting, now: Date | null = null): number | null {
  const end = row.quietSince ?? row.resolvedAt ?? now;
  return end && end.getTime() - (row.firstOpenedAt ?? row.openedAt).getTime();
}

type Lasting = Pick<IncidentRow, "openedAt" | "firstOpenedAt" | "quietSince" | "resolvedAt">;

export function incidentState(row: Pick<IncidentRow, "quietSince" | "resolvedAt">): IncidentState {
  if (row.resolvedAt) return "over";
  return row.quietSince ? "recovering" : "open";
}

export function resolvesAt(quietSince: Date): Date {
  return new Date(quietSince.getTime() + QUIET_MS);
}

/** “12 accounts (Support, Sales and 10 more)” */
export function accountsText({
  accounts,
  accountNames,
}: Pick<IncidentRow, "accounts" | "accountNames">): string {
  if (accounts === 0) return "no email account";
  const count = `${accounts.toLocaleString("en")} ${accounts === 1 ? "account" : "accounts"}`;
  return `${count} (${namesText(accountNames, accounts)})`;
}

export function namesText(names: readonly string[], count: number): string {
  const rest = count - names.length;
  const parts = rest > 0 ? [...names, `${rest.toLocaleString("en")} more`] : names;
  return new Intl.ListFormat("en", { type: "conjunction" }).format(parts);
}
