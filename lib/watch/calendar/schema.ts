import { z } from "zod";
import { DAY_MS } from "@/lib/kernel/clock";
import type { ExpiryKind } from "@/lib/registrations/schema";
import { namesText } from "@/lib/watch/incidents/schema";

/** On the Overview, and the first reminder. */
export const COMING_UP_DAYS = 60;

/** Stops mail unless a person acts. */
export type Expiry = {
  id: string;
  /** `replacement`: a credential without an end; its day is when to replace it. */
  kind: ExpiryKind | "password";
  at: Date;
  /** Null for passwords, which end at a service. */
  cloudProviderId: string | null;
  provider: string;
  detail: string;
  /** Active accounts that stop with it. */
  accounts: number;
  accountNames: string[];
  replacement?: { step: string; effect: string };
  /** The service's own words, shortened. */
  announced?: string;
};

export function expiryTitle({ kind, provider, detail }: Expiry): string {
  if (kind === "secret") return `Client secret of ${provider} expires`;
  if (kind === "certificate") return `Certificate of ${provider} expires`;
  if (kind === "replacement") return `Replace the credential of ${provider}`;
  if (kind === "password") return `Passwords for ${detail} end at ${provider}`;
  return detail === "1" ? `A sign-in at ${provider} ends` : `${detail} sign-ins at ${provider} end`;
}

/** One kind on one day, or, further away, in one week. */
export type ExpiryLine = {
  at: Date;
  kind: Expiry["kind"];
  count: number;
  signIns: number;
  isLater: boolean;
  expiries: Expiry[];
};

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** For the list of providers: one day, or the rest of the week. */
export function lineDays({ at, isLater }: Pick<ExpiryLine, "at" | "isLater">, until: Date) {
  const from = dayOf(at.getTime());
  if (!isLater) return { from, to: from };
  // 1 January 1970 was a Thursday.
  const daysLeft = 6 - ((Math.floor(at.getTime() / DAY_MS) + 3) % 7);
  return { from, to: dayOf(Math.min(at.getTime() + daysLeft * DAY_MS, until.getTime())) };
}

export function lineTitle({ kind, count, signIns, expiries }: ExpiryLine): string {
  const [first] = expiries;
  if (first && count === 1) return expiryTitle(first);
  const many = count.toLocaleString("en");
  if (kind === "secret") return `${many} client secrets expire`;
  if (kind === "certificate") return `${many} certificates expire`;
  if (kind === "replacement") return `Replace ${many} credentials`;
  return `${signIns.toLocaleString("en")} sign-ins at ${many} providers end`;
}

export function expiryStep({ kind, replacement }: Expiry): string {
  return replacement?.step ?? STEPS[kind];
}

const STEPS = {
  secret:
    "Create a new secret in the app registration, then press Update Client Secret at the cloud provider.",
  certificate: "Press Generate certificate at the cloud provider, or upload another one.",
  replacement: "Create a new one, enter it here, and delete the old one.",
  password: "Move the accounts to Modern Authentication before that day, on the page Migration.",
  sign_in: "Sign in again before that day, on the page of the account or of the cloud provider.",
} as const satisfies Record<Expiry["kind"], string>;

export function expiryEffect({ announced, ...expiry }: Expiry): string {
  return announced ? `${announced} ${stops(expiry)}` : stops(expiry);
}

function stops({ accounts, accountNames, replacement }: Expiry): string {
  if (replacement) return replacement.effect;
  if (accounts === 0) return "No active email account depends on it.";
  const count = `${accounts} ${accounts === 1 ? "account" : "accounts"}`;
  return accountNames.length === 0
    ? `Stops ${count}.`
    : `Stops ${count}: ${namesText(accountNames, accounts)}.`;
}

export const calendarAddressSchema = z.strictObject({ renew: z.boolean() });
