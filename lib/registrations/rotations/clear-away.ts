import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { log } from "@/lib/kernel/log";
import type { ListedSecret, OwnSecrets } from "@/lib/oauth/service";
import { recordRemoval } from "./mutations";
import { findKnownKeys, markRemoved, type RotationClaim } from "./store";

type Provider = { cloudProviderId: string; name: string };

/** What a process that died made under this rotation's name. Everything else is left alone. */
export async function removeLeftovers(
  secrets: OwnSecrets,
  { cloudProviderId, displayName, keyId: pending }: RotationClaim,
  listed: readonly ListedSecret[],
): Promise<void> {
  if (displayName === null) return;
  const { all } = await findKnownKeys(cloudProviderId);
  const left = listed.filter(
    (each) => each.displayName === displayName && each.keyId !== pending && !all.has(each.keyId),
  );
  for (const { keyId } of left) {
    await secrets.remove(keyId);
    log.info({ cloudProviderId, keyId }, "a client secret that was never stored is removed");
  }
}

/**
 * Once there is no way back. Its servers lag: what is not listed counts as removed.
 * @permission none: a part of rotateNow and of the keeper's rotations.
 */
export async function removeReplaced(
  actor: Actor,
  secrets: OwnSecrets,
  { provider, listed }: { provider: Provider; listed: readonly ListedSecret[] },
): Promise<void> {
  const { cloudProviderId } = provider;
  const { over } = await findKnownKeys(cloudProviderId);
  for (const keyId of over) {
    const isThere = listed.some((each) => each.keyId === keyId);
    if (!isThere) await markRemoved(db(), { cloudProviderId, keyId });
    else if (await secrets.remove(keyId)) await recordRemoval(actor, provider, keyId);
  }
}
