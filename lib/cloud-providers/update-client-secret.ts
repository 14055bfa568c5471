import "server-only";
import { type Actor, requirePermission } from "@/lib/actor";
import { AppError } from "@/lib/errors";
import { endOfDay, saveCredential } from "./mutations";
import { proveRegistration } from "./prove-registration";
import type { UpdateClientSecret } from "./schema";
import { loadRegistration } from "./store";

/**
 * Puts another client secret in use. It is proved at the token endpoint before it replaces the old
 * one; when it is refused, or cannot be proved now, nothing changes. Refresh tokens belong to the
 * application, not to its secret, so nobody has to sign in again.
 *
 * @throws AppError unprocessable on `clientSecret` with the remedy, temporarily_unavailable, not_found
 */
export async function updateClientSecret(actor: Actor, input: UpdateClientSecret): Promise<void> {
  requirePermission(actor, "providers:write");
  const { cloudProviderId, clientSecret, secretExpiresOn } = input;
  const registration = await loadRegistration(cloudProviderId);
  const credential = { kind: "client_secret", secret: clientSecret } as const;
  const provedAt = await proveRegistration({ ...registration, credential });
  if (!provedAt)
    throw new AppError(
      "temporarily_unavailable",
      "The identity platform does not answer, so the new secret could not be proved. Nothing was changed; try again in a moment.",
      { remedyId: "postkey.identity_platform_unreachable" },
    );
  await saveCredential(actor, {
    cloudProviderId,
    name: registration.name,
    providerVersion: registration.providerVersion,
    credential,
    expiresAt: endOfDay(secretExpiresOn),
    provedAt,
    origin: "typed",
  });
}
