import { lacksServer } from "@/lib/egress/schema";
import { channelDestination, webhookDestination } from "@/lib/installation/keys/destinations";
import { type SealPlace, seal } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { openOrLock } from "@/lib/kernel/open-sealed";
import { nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { findReaderOfLinks } from "@/lib/letters/mailboxes/queries";
import { type CreateAlertChannel, sendsLinks, type Target } from "../schema";

/** A password is for that server and user alone. */
type Addressed = { alertChannelId: string; target: Target };

export function sealSecret(channel: Addressed, secret: string): string {
  return seal(env().keyring, secretPlace(channel), secret);
}

/** @throws AppError locked, also when the channel leads elsewhere */
export function openSecret(channel: Addressed & { secretSealed: string | null }): string {
  const { secretSealed } = channel;
  if (secretSealed === null)
    throw new AppError("not_found", "No secret is stored for this channel.");
  return open(secretPlace(channel), secretSealed, "secret");
}

/** Sealed for the origin in its target. */
export function sealAddress(alertChannelId: string, url: string): string {
  return seal(env().keyring, addressPlace(alertChannelId, new URL(url).origin), url);
}

/** @throws AppError locked, also for another origin; not_found */
export function openAddress(
  { alertChannelId, addressSealed }: { alertChannelId: string; addressSealed: string | null },
  origin: string,
): string {
  if (addressSealed === null)
    throw new AppError("not_found", "No address is stored for this channel. Enter it again.");
  return open(addressPlace(alertChannelId, origin), addressSealed, "address");
}

function open(place: SealPlace, sealed: string, what: "secret" | "address"): string {
  return openOrLock(
    place,
    sealed,
    `The channel's ${what} can't be decrypted: the encryption key is a different one, or the channel's address was changed. Enter it again.`,
  );
}

function secretPlace({ alertChannelId: id, target }: Addressed): SealPlace {
  const destination = channelDestination(target);
  return { table: "AlertChannel", id, column: "secretSealed", destination };
}

function addressPlace(id: string, origin: string): SealPlace {
  const destination = webhookDestination(origin);
  return { table: "AlertChannel", id, column: "addressSealed", destination };
}

/** @throws AppError conflict on `name` */
export async function requireFreeName(tx: Transaction, name: string, ownId?: string) {
  const taken = await tx.alertChannel.findUnique({
    where: { nameKey: nameKey(name) },
    select: { id: true },
  });
  if (!taken || taken.id === ownId) return;
  const message = "Another channel already has this name.";
  throw new AppError("conflict", message, { fields: { name: [message] } });
}

/** @throws AppError unprocessable on `emailAccountId` */
export async function requireAccount(tx: Transaction, input: CreateAlertChannel): Promise<void> {
  const { kind, emailAccountId } = input;
  if (kind !== "email_account" || !emailAccountId) return;
  const where = { id: emailAccountId };
  const account = await tx.emailAccount.findUnique({ where, select: { hosts: true } });
  if (!account)
    throw fieldError("emailAccountId", "This account no longer exists. Choose another one.");
  if (lacksServer(account.hosts, "smtp"))
    throw fieldError("emailAccountId", "This account has no SMTP server. Choose another one.");
}

/** With two, no one could tell which sent a link. */
export async function requireOnlySender(
  tx: Transaction,
  input: CreateAlertChannel,
  ownId?: string,
): Promise<void> {
  if (!sendsLinks(input)) return;
  const other = await tx.alertChannel.findFirst({
    where: { sendsLinks: true, ...(ownId && { id: { not: ownId } }) },
    select: { name: true },
  });
  if (other)
    throw fieldError("sendsLinks", `${other.name} sends links already. Switch it off there first.`);
}

/** Many servers keep sent mail in the mailbox, where readers would find the links. */
export async function requireNoReaders(tx: Transaction, input: CreateAlertChannel): Promise<void> {
  if (!sendsLinks(input)) return;
  const reader = await findReaderOfLinks(tx);
  if (reader)
    throw fieldError(
      "sendsLinks",
      `The device “${reader}” reads this mailbox, and would read the links. Let it only send, revoke it, or choose another mailbox.`,
    );
}
