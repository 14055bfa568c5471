import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { saveCredential } from "./credentials/mutations";
import { type BroughtCredential, fieldOf, readCredentialInput } from "./credentials/read-input";
import type { ChangeCredential } from "./credentials/schema";
import { proveRegistration } from "./prove-registration";
import { loadRegistration, type StoredRegistration } from "./store";

/**
 * Puts another credential in use, of the same kind or another. It is proved at the token endpoint
 * before it replaces the old one; when it is refused, or cannot be proved now, nothing changes.
 * Refresh tokens belong to the application, not to its credential, so nobody has to sign in again.
 *
 * @throws AppError unprocessable on the field that is wrong, temporarily_unavailable, not_found
 */
export async function changeCredential(actor: Actor, input: ChangeCredential): Promise<void> {
  requirePermission(actor, "providers:write");
  const registration = await loadRegistration(input.cloudProviderId);
  const { clientId } = registration;
  const brought = readCredentialInput(input.credential, { at: "credential", clientId });
  const field = fieldOf(input.credential, "credential");
  await proveAndSave(actor, registration, { ...brought, field });
}

type Replacement = BroughtCredential & { field: string };

/** @throws AppError unprocessable on the field, temporarily_unavailable, stale */
export async function proveAndSave(
  actor: Actor,
  registration: StoredRegistration,
  { credential, expiresAt, field }: Replacement,
): Promise<void> {
  const provedAt = await proveRegistration({ ...registration, credential }, field);
  if (!provedAt) throw notProvedNow();
  const { cloudProviderId, name, providerVersion, destination } = registration;
  await saveCredential(actor, {
    ...{ cloudProviderId, name, providerVersion, destination },
    ...{ credential, expiresAt, provedAt, origin: "typed" },
  });
}

export function notProvedNow(): AppError {
  return new AppError(
    "temporarily_unavailable",
    "The identity platform is not responding, so the credential could not be proved. Nothing was changed. Try again in a moment.",
    { remedyId: "postkey.identity_platform_unreachable" },
  );
}
