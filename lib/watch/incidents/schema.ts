import { z } from "zod";
import { MINUTE_MS } from "@/lib/kernel/clock";

export const incidentKindSchema = z.enum([
  "registration",
  "platform",
  "pause",
  "overdue",
  "sign_in",
  "locked",
  "mail",
  "secret_expired",
  "rotation",
]);
export type IncidentKind = z.infer<typeof incidentKindSchema>;

/** Shorter incidents stay silent: most faults of a network are over before anyone could act. */
export const ANNOUNCE_AFTER_MS = 10 * MINUTE_MS;
/** How long nothing may fail until a cause counts as gone; a failure within that time continues it. */
export const QUIET_MS = 10 * MINUTE_MS;

/** How many accounts an incident names. */
export const NAMED_ACCOUNTS = 5;

export type IncidentRow = {
  id: string;
  kind: IncidentKind;
  remedyId: string;
  cloudProviderId: string | null;
  /** What it is about, as people call it: a provider, a cloud, a server. */
  subject: string;
  accounts: number;
  peakAccounts: number;
  accountNames: string[];
  openedAt: Date;
  announcedAt: Date | null;
  quietSince: Date | null;
  resolvedAt: Date | null;
};

/** An incident with what the error catalogue says about it. */
export type ExplainedIncident = IncidentRow & { title: string; nextStep: string };

/** The few words that say how far it has come. */
export function incidentState(row: Pick<IncidentRow, "quietSince" | "resolvedAt">) {
  if (row.resolvedAt) return "over";
  return row.quietSince ? "recovering" : "open";
}

/** “12 accounts (Support, Sales and 10 more)”. */
export function accountsText({
  accounts,
  accountNames,
}: Pick<IncidentRow, "accounts" | "accountNames">): string {
  if (accounts === 0) return "no email account";
  const count = `${accounts.toLocaleString("en")} ${accounts === 1 ? "account" : "accounts"}`;
  return `${count} (${namesText(accountNames, accounts)})`;
}

/** The first names and how many more there are. */
export function namesText(names: readonly string[], count: number): string {
  const rest = count - names.length;
  const parts = rest > 0 ? [...names, `${rest.toLocaleString("en")} more`] : names;
  return new Intl.ListFormat("en", { type: "conjunction" }).format(parts);
}

/** “3 d 4 h”, “2 h 5 min”, “12 min”. */
export function durationText(durationMs: number): string {
  const minutes = Math.max(1, Math.round(durationMs / 60_000));
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60)];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
