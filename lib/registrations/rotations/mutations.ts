import { bygone, recordAudit } from "@/lib/audit/mutations";
import { staleEdit } from "@/lib/audit/stale-edit";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import type { ListedSecret, OwnSecrets, Registration, SecretRotation } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";
import { asAppError } from "@/lib/remedies/app-error";
import { setAutoRotateSchema } from "../schema";
import { loadRegistration, openRegistration, tell } from "../store";
import { findKnownKeys, markRemoved, type RotationClaim } from "./store";

/** To start, the application proves that it may change its own secrets. */
export const setAutoRotate = command({
  input: setAutoRotateSchema,
  permission: "providers:write",
  async act(actor, { cloudProviderId: id, autoRotate }): Promise<void> {
    const { name, providerVersion } = autoRotate
      ? await proveRotation(id)
      : await loadRegistration(id);
    await db().$transaction(async (tx) => {
      const { count } = await tx.cloudProvider.updateMany({
        where: { id, version: providerVersion },
        data: {
          autoRotate,
          rotateDueAt: autoRotate ? await databaseNow(0, tx) : null,
          rotationFailureId: null,
          rotationFailedAt: null,
        },
      });
      const object = { kind: "cloud_provider", id, name };
      if (count !== 1) throw await staleEdit(object, providerVersion, tx);
      const action = `cloud_provider.${autoRotate ? "start" : "stop"}_rotation`;
      await tell(tx, actor, { action, id, name });
    });
  },
});

async function proveRotation(cloudProviderId: string) {
  const registration = await openRegistration(cloudProviderId);
  try {
    const secrets = await openOwnSecrets(registration);
    await secrets.proveOwnership();
  } catch (error) {
    throw asAppError(error, { note: "Nothing was changed." });
  }
  return registration;
}

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

/** Once there is no way back. Its servers lag: what is not listed counts as removed. */
export async function removeReplaced(
  actor: Actor,
  secrets: OwnSecrets,
  {
    provider,
    listed,
  }: { provider: { cloudProviderId: string; name: string }; listed: readonly ListedSecret[] },
): Promise<void> {
  requirePermission(actor, "providers:write");
  const { cloudProviderId, name } = provider;
  const object = { kind: "cloud_provider", id: cloudProviderId, name };
  const action = "cloud_provider.remove_client_secret";
  const { over } = await findKnownKeys(cloudProviderId);
  for (const keyId of over) {
    const isThere = listed.some((each) => each.keyId === keyId);
    if (isThere && !(await secrets.remove(keyId))) continue;
    await db().$transaction(async (tx) => {
      await markRemoved(tx, { cloudProviderId, keyId });
      if (isThere) await recordAudit(tx, bygone(actor), { action, object, detail: { keyId } });
    });
  }
}

/** @throws OAuthFailure; AppError unprocessable where no application of the platform renews its secrets */
export function openOwnSecrets(registration: Registration): Promise<OwnSecrets> {
  return rotationOf(registration).open(registration);
}

export function rotationOf(registration: Registration): SecretRotation {
  const { secretRotation } = serviceOf(registration);
  if (secretRotation) return secretRotation;
  throw new AppError(
    "unprocessable",
    "Client secrets of this platform cannot be renewed automatically.",
  );
}
