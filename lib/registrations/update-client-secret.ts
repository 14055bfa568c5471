import "server-only";
import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { proveAndSave } from "./change-credential";
import { readCredentialInput } from "./credentials/read-input";
import type { EnteredCredential } from "./credentials/schema";
import type { UpdateClientSecret } from "./schema";
import { loadRegistration } from "./store";

/**
 * Puts another client secret in use; see changeCredential.
 * @throws AppError unprocessable on `clientSecret` with the remedy, temporarily_unavailable, stale, not_found
 */
export async function updateClientSecret(
  actor: Actor,
  input: UpdateClientSecret,
): Promise<EnteredCredential> {
  requirePermission(actor, "providers:write");
  requireRecentProof(actor);
  const { cloudProviderId, ...typed } = input;
  const registration = await loadRegistration(cloudProviderId);
  const { clientId } = registration;
  const brought = readCredentialInput({ kind: "client_secret", ...typed }, { at: "", clientId });
  return proveAndSave(actor, registration, { ...brought, field: "clientSecret" });
}
