import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { asAppError } from "@/lib/remedies/app-error";
import { saveAutoRotate } from "./rotations/mutations";
import { openOwnSecrets } from "./rotations/open-own-secrets";
import type { SetAutoRotate } from "./schema";
import { loadRegistration, openRegistration } from "./store";

/**
 * Lets Postkey renew a provider's client secret by itself, or not any more. Before it is switched on, the
 * application proves that it may change its own secrets, by requests that change nothing.
 *
 * @throws AppError unprocessable with the remedy, temporarily_unavailable, stale, not_found
 */
export async function setAutoRotate(actor: Actor, input: SetAutoRotate): Promise<void> {
  requirePermission(actor, "providers:write");
  const { cloudProviderId, autoRotate } = input;
  const { name, providerVersion } = autoRotate
    ? await proveRotation(cloudProviderId)
    : await loadRegistration(cloudProviderId);
  await saveAutoRotate(actor, { cloudProviderId, name, providerVersion, autoRotate });
}

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
