import { DAY_MS, ENDS_SOON_DAYS, lastIsoDayOf } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import type { Transaction } from "@/lib/kernel/transaction";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import { renewalAt } from "@/lib/remedies/repairs";
import { COMING_UP_DAYS } from "../calendar/schema";
import { type Enqueue, raiseAlert } from "./raise";
import { type ExpiringSecret, findDependents, findExpiringSecrets, findTold } from "./store";

/** Days before the end: on pages, as a warning, then ever more often. */
export const REMIND_DAYS = [COMING_UP_DAYS, ENDS_SOON_DAYS, 14, 7, 3, 1] as const;

/** Every day once they have ended. */
export async function remindOfSecrets(tx: Transaction, now: Date, enqueue: Enqueue): Promise<void> {
  const until = new Date(now.getTime() + REMIND_DAYS[0] * DAY_MS);
  const secrets = await findExpiringSecrets(tx, { now, until });
  const due = secrets.flatMap((secret) => {
    const dedupeKey = reminderKey(secret, now);
    return dedupeKey ? [{ secret, dedupeKey }] : [];
  });
  const told = await findTold(
    tx,
    due.map(({ dedupeKey }) => dedupeKey),
  );
  for (const { secret, dedupeKey } of due)
    if (!told.has(dedupeKey)) await remind(tx, { secret, dedupeKey, now }, enqueue);
}

/** Only the last due one: a secret entered late is not reminded of three times. */
export function reminderKey(
  { clientCredentialId, expiresAt }: Pick<ExpiringSecret, "clientCredentialId" | "expiresAt">,
  now: Date,
): string | null {
  const leftMs = expiresAt.getTime() - now.getTime();
  if (leftMs > 0) {
    const days = REMIND_DAYS.findLast((each) => leftMs <= each * DAY_MS);
    return days === undefined ? null : `secret_expiry:${clientCredentialId}:${days}`;
  }
  // On the day itself, its incident tells.
  const daysOver = Math.floor(-leftMs / DAY_MS);
  return daysOver === 0 ? null : `secret_expiry:${clientCredentialId}:over:${daysOver}`;
}

async function remind(
  tx: Transaction,
  { secret, dedupeKey, now }: { secret: ExpiringSecret; dedupeKey: string; now: Date },
  enqueue: Enqueue,
): Promise<void> {
  const { provider, cloudProviderId, kind, hint, expiresAt } = secret;
  const what = kind.replaceAll("_", " ");
  const { count, names } = await findDependents(tx, cloudProviderId);
  // Their day is when to replace them.
  const { endlessSecrets: endless } = PLATFORMS[secret.service];
  const when = whenText(expiresAt, now, endless ? FALLS_DUE : ENDS);
  const day = lastIsoDayOf(expiresAt);
  const renewal = renewalAt({ id: cloudProviderId, credentialKind: kind });
  const url = new URL(renewal, env().url).href;
  const nextStep = `${nextStepOf(secret)} No one has to sign in again.`;
  const text = [
    `The ${what} of ${provider} (…${hint}) ${when}, on ${day}.`,
    "",
    endless?.effect ?? dependentsText(count, names),
    `Next step: ${nextStep}`,
    "",
    url,
  ].join("\n");
  const data = {
    cloudProviderId,
    provider,
    hint,
    expiresAt: expiresAt.toISOString(),
    accounts: count,
    accountNames: names,
    nextStep,
    url,
  };
  const subject = `${provider}: the ${what} ${when}`;
  const payload = { type: "secret.expiry", data };
  const alert = { kind: "secret_expiry", dedupeKey, incidentId: null } as const;
  await raiseAlert(tx, { ...alert, subject, text, payload }, enqueue);
}

function dependentsText(count: number, names: string[]): string {
  if (count === 0) return "No active email account depends on it.";
  const stops = count === 1 ? "1 account stops" : `${count.toLocaleString("en")} accounts stop`;
  const more = count - names.length;
  const others = more > 0 ? ` and ${more.toLocaleString("en")} more` : "";
  return `${stops} with it: ${names.join(", ")}${others}.`;
}

function nextStepOf({ service, kind }: ExpiringSecret): string {
  const ofKind = kind === "certificate" ? NEXT_CERTIFICATE : NEXT_SECRET;
  return PLATFORMS[service].endlessSecrets?.reminder ?? ofKind;
}

const NEXT_SECRET =
  "Create a new secret in the app registration, then press Update Client Secret at the cloud provider.";
const NEXT_CERTIFICATE =
  "Press Generate certificate at the cloud provider, and upload the new one to the app registration.";

const ENDS = { will: "expires", did: "expired" };
const FALLS_DUE = { will: "is to be replaced", did: "was to be replaced" };

function whenText(expiresAt: Date, now: Date, { will, did }: typeof ENDS): string {
  const days = Math.ceil((expiresAt.getTime() - now.getTime()) / DAY_MS);
  if (days <= 0) return days === 0 ? `${did} today` : `${did} ${daysText(-days)} ago`;
  return days === 1 ? `${will} tomorrow` : `${will} in ${daysText(days)}`;
}

function daysText(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}
