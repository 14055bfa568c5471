import { z } from "zod";
import { DAY_MS } from "@/lib/kernel/clock";
import type { ExpiryKind } from "@/lib/registrations/filters/schema";
import { namesText } from "@/lib/watch/incidents/schema";

/** What ends within so many days is coming up: it is on the Overview, and people are reminded of it for the first time. */
export const COMING_UP_DAYS = 60;

/** Something that ends on a day and stops mail unless a person acts before. */
export type Expiry = {
  /** The same as long as it is the same thing. */
  id: string;
  /** `replacement`: a credential that does not end by itself; its day is when to replace it. */
  kind: ExpiryKind;
  at: Date;
  cloudProviderId: string;
  provider: string;
  /** Of a credential its last characters; of sign-ins how many end on that day. */
  detail: string;
  /** Active accounts that stop with it, and the first by name where they were asked for. */
  accounts: number;
  accountNames: string[];
  /** For a replacement: what to do, and what happens otherwise. */
  replacement?: { step: string; effect: string };
};

/** What ends, in a few words. */
export function expiryTitle({ kind, provider, detail }: Expiry): string {
  if (kind === "secret") return `Client secret of ${provider} expires`;
  if (kind === "certificate") return `Certificate of ${provider} expires`;
  if (kind === "replacement") return `Replace the credential of ${provider}`;
  return detail === "1" ? `A sign-in at ${provider} ends` : `${detail} sign-ins at ${provider} end`;
}

/** Things of one kind that end on one day, or, of those further away, in one week. */
export type ExpiryLine = {
  /** When the first of them ends. */
  at: Date;
  kind: Expiry["kind"];
  /** How many there are, and how many sign-ins end with them. */
  count: number;
  signIns: number;
  isLater: boolean;
  /** The first few. */
  expiries: Expiry[];
};

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/**
 * The days of a line, as the list of providers is narrowed to them: one, or the rest of the week, as far as one
 * looks ahead.
 */
export function lineDays(
  { at, isLater }: Pick<ExpiryLine, "at" | "isLater">,
  until: Date,
): { from: string; to: string } {
  const from = dayOf(at.getTime());
  if (!isLater) return { from, to: from };
  // 1 January 1970 was a Thursday.
  const daysLeft = 6 - ((Math.floor(at.getTime() / DAY_MS) + 3) % 7);
  return { from, to: dayOf(Math.min(at.getTime() + daysLeft * DAY_MS, until.getTime())) };
}

/** What ends, for all of a line. */
export function lineTitle({ kind, count, signIns, expiries }: ExpiryLine): string {
  const [first] = expiries;
  if (first && count === 1) return expiryTitle(first);
  const many = count.toLocaleString("en");
  if (kind === "secret") return `${many} client secrets expire`;
  if (kind === "certificate") return `${many} certificates expire`;
  if (kind === "replacement") return `Replace ${many} credentials`;
  return `${signIns.toLocaleString("en")} sign-ins at ${many} providers end`;
}

/** The one thing to do about it. */
export function expiryStep({ kind, replacement }: Expiry): string {
  return replacement?.step ?? STEPS[kind];
}

const STEPS = {
  secret:
    "Create a new secret in the app registration, then press Update Client Secret at the cloud provider.",
  certificate: "Press Generate certificate at the cloud provider, or upload another one.",
  replacement: "Create a new one, enter it here, and delete the old one.",
  sign_in: "Sign in again before that day, on the page of the account or of the cloud provider.",
} as const satisfies Record<Expiry["kind"], string>;

/** What happens if no one acts in time. */
export function expiryEffect({ accounts, accountNames, replacement }: Expiry): string {
  if (replacement) return replacement.effect;
  if (accounts === 0) return "No active email account depends on it.";
  const count = `${accounts} ${accounts === 1 ? "account" : "accounts"}`;
  return accountNames.length === 0
    ? `Stops ${count}.`
    : `Stops ${count}: ${namesText(accountNames, accounts)}.`;
}

/** The address as it is, or a new one. */
export const calendarAddressSchema = z.strictObject({ renew: z.boolean() });
