import "server-only";
import { bygone, recordAudit } from "@/lib/audit/mutations";
import { staleEdit } from "@/lib/audit/stale-edit";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import { markRemoved } from "./store";

type Provider = { cloudProviderId: string; name: string };

/**
 * Switches the automatic rotation of a provider's secret on or off.
 * @throws AppError stale when the registration is not the one that was looked at
 */
export async function saveAutoRotate(
  actor: Actor,
  provider: Provider & { providerVersion: number; autoRotate: boolean },
): Promise<void> {
  requirePermission(actor, "providers:write");
  const { cloudProviderId: id, name, providerVersion, autoRotate } = provider;
  const object = { kind: "cloud_provider", id, name };
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
    if (count !== 1) throw await staleEdit(object, providerVersion);
    const action = `cloud_provider.${autoRotate ? "start" : "stop"}_rotation`;
    await recordAudit(tx, actor, { action, object });
    await publish(tx, { type: "cloud_provider", id });
  });
}

/** That a secret was removed at the identity platform. */
export async function recordRemoval(
  actor: Actor,
  { cloudProviderId, name }: Provider,
  keyId: string,
): Promise<void> {
  requirePermission(actor, "providers:write");
  await db().$transaction(async (tx) => {
    await markRemoved(tx, { cloudProviderId, keyId });
    const object = { kind: "cloud_provider", id: cloudProviderId, name };
    const action = "cloud_provider.remove_client_secret";
    await recordAudit(tx, bygone(actor), { action, object, detail: { keyId } });
  });
}
