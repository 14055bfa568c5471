import "server-only";
import { channelDestination, webhookDestination } from "@/lib/installation/keys/destinations";
import { type SealPlace, seal } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { openOrLock } from "@/lib/kernel/open-sealed";
import type { Target } from "../schema";

/** A channel and where it leads: a password is good for that server and user alone. */
type Addressed = { alertChannelId: string; target: Target };

export function sealSecret(channel: Addressed, secret: string): string {
  return seal(env().keyring, secretPlace(channel), secret);
}

/**
 * The password of the server or the signing secret of the webhook.
 * @throws AppError locked, also when the channel leads elsewhere than it did when it was sealed
 */
export function openSecret(channel: Addressed & { secretSealed: string | null }): string {
  const { secretSealed } = channel;
  if (secretSealed === null)
    throw new AppError("not_found", "No secret is stored for this channel.");
  return open(secretPlace(channel), secretSealed, "secret");
}

/** The address of a webhook, sealed beside the origin that its target keeps. */
export function sealAddress(alertChannelId: string, url: string): string {
  return seal(env().keyring, addressPlace(alertChannelId, new URL(url).origin), url);
}

/**
 * The whole address of a webhook, as it was typed.
 * @throws AppError locked, also when the origin beside it is another one; not_found when there is none
 */
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
