import { z } from "zod";
import { namesText } from "@/lib/watch/incidents/schema";

/** Something that ends on a day and stops mail unless a person acts before. */
export type Expiry = {
  /** The same as long as it is the same thing. */
  id: string;
  /** `replacement`: a credential that does not end by itself; its day is when to replace it. */
  kind: "secret" | "certificate" | "replacement" | "sign_in";
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

/** The same for several of one kind. */
export function expiriesTitle(expiries: readonly Expiry[]): string {
  const [first] = expiries;
  if (!first) return "";
  if (expiries.length === 1) return expiryTitle(first);
  const count = expiries.length.toLocaleString("en");
  if (first.kind === "secret") return `${count} client secrets expire`;
  if (first.kind === "certificate") return `${count} certificates expire`;
  if (first.kind === "replacement") return `Replace ${count} credentials`;
  const signIns = expiries.reduce((sum, { detail }) => sum + Number(detail), 0);
  return `${signIns.toLocaleString("en")} sign-ins at ${count} providers end`;
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
