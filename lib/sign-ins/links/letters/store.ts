import "server-only";
import { HOUR_MS } from "@/lib/kernel/clock";
import { hashToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { emailAddressSchema } from "@/lib/kernel/fields/schema";
import type { Transaction } from "@/lib/kernel/transaction";
import { putLetters } from "@/lib/letters/mutations";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { ServiceId } from "@/lib/oauth/schema";
import { isOpenLink, mailboxesOfLink } from "../store";
import type { ToldLink } from "../tell";
import { signInLetter } from "./letter";

type OpenLink = {
  username: string;
  mailboxes: string[];
  createdByName: string;
  expiresAt: Date;
  tokenHash: string;
  cloudProviderId: string;
  providerName: string;
  service: string;
};

/**
 * Puts a letter in line for each link that is open, was not mailed yet and whose person has an address: the name
 * that signs in, which for a mailbox of several people is the delegate's. With reminders on, a second letter
 * waits for its time: it holds the same link, so that neither mail is void.
 *
 * @returns the links that were put in line
 * @throws AppError conflict when there is no channel
 */
export async function putLinkLetters(
  tx: Transaction,
  tokens: readonly string[],
  kind: "sign_in_link" | "lapsed",
): Promise<ToldLink[]> {
  const byHash = new Map(tokens.map((token) => [hashToken(token), token]));
  const links = (await findUnmailed(tx, [...byHash.keys()])).filter(isAddressed);
  const { remindHoursBefore } = await findSettings(tx);
  const letters = links.flatMap(({ tokenHash, service, ...link }) => {
    const { username, expiresAt } = link;
    // Written from the form's list only.
    const platform = PLATFORMS[service as ServiceId].brand;
    const written = { ...link, platform, token: byHash.get(tokenHash) ?? "" };
    const to = { tokenHash, recipient: emailAddressSchema.parse(username), expiresAt };
    const first = { ...to, kind, ...signInLetter(kind, written) };
    if (remindHoursBefore === null) return [first];
    const dueAt = new Date(expiresAt.getTime() - remindHoursBefore * HOUR_MS);
    const reminder = signInLetter("reminder", written);
    return [first, { ...to, kind: "reminder" as const, dueAt, ...reminder }];
  });
  await putLetters(tx, letters);
  return links.map(({ cloudProviderId: id, providerName: name, username }) => ({
    id,
    name,
    username,
  }));
}

export function isAddressed({ username }: { username: string }): boolean {
  return hasAddress(username);
}

/** Whether a person can be written to at the name that signs in. */
export function hasAddress(username: string): boolean {
  return emailAddressSchema.safeParse(username).success;
}

function findUnmailed(tx: Transaction, tokenHashes: string[]): Promise<OpenLink[]> {
  return tx.$queryRaw<OpenLink[]>`
    SELECT l.username, l."createdByName", l."expiresAt", l."tokenHash", l."cloudProviderId", p.service,
      p.name AS "providerName", ${mailboxesOfLink} AS mailboxes
    FROM "SignInLink" l JOIN "CloudProvider" p ON p.id = l."cloudProviderId"
    WHERE l."tokenHash" = ANY(${tokenHashes}::text[]) AND ${isOpenLink}
      AND NOT EXISTS (SELECT 1 FROM "Letter" m WHERE m."tokenHash" = l."tokenHash")
    ORDER BY l."usernameKey"`;
}

export type StoredSettings = {
  remindHoursBefore: number | null;
  sendsLapsedLinks: boolean;
  lapsedLinksPerDay: number;
  unsignedDays: number | null;
};

export function findSettings(tx: Transaction = db()): Promise<StoredSettings> {
  const select = {
    remindHoursBefore: true,
    sendsLapsedLinks: true,
    lapsedLinksPerDay: true,
    unsignedDays: true,
  };
  return tx.installation.findUniqueOrThrow({ where: { id: 1 }, select });
}
