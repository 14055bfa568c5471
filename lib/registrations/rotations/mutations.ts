import "server-only";
import { bygone, recordAudit } from "@/lib/audit/mutations";
import { staleEdit } from "@/lib/audit/stale-edit";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { asAppError } from "@/lib/remedies/app-error";
import { setAutoRotateSchema } from "../schema";
import { loadRegistration, openRegistration } from "../store";
import { tell } from "../tell";
import { openOwnSecrets } from "./open-own-secrets";
import { markRemoved } from "./store";

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

export async function recordRemoval(
  actor: Actor,
  { cloudProviderId, name }: { cloudProviderId: string; name: string },
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
