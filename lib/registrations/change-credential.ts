import "server-only";
import { isDeepStrictEqual } from "node:util";
import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Credential } from "@/lib/oauth/service";
import { saveCredential, saveProof } from "./credentials/mutations";
import { type BroughtCredential, fieldOf, readCredentialInput } from "./credentials/read-input";
import type { ChangeCredential } from "./credentials/schema";
import { openCredential } from "./credentials/sealed/store";
import { proveNow } from "./prove-registration";
import { loadRegistration, type StoredRegistration } from "./store";

/**
 * Puts another credential in use, of the same kind or another. It is proved at the token endpoint
 * before it replaces the old one; when it is refused, or cannot be proved now, nothing changes.
 * Refresh tokens belong to the application, not to its credential, so no one has to sign in again.
 *
 * @throws AppError unprocessable on the field that is wrong, temporarily_unavailable, not_found
 */
export async function changeCredential(actor: Actor, input: ChangeCredential): Promise<void> {
  requirePermission(actor, "providers:write");
  requireRecentProof(actor);
  const registration = await loadRegistration(input.cloudProviderId);
  const { clientId } = registration;
  const brought = readCredentialInput(input.credential, { at: "credential", clientId });
  const field = fieldOf(input.credential, "credential");
  await proveAndSave(actor, registration, { ...brought, field });
}

/** @returns null for one that the key in use does not open: whatever is entered takes its place */
function openIfPossible({ sealed, destination }: StoredRegistration): Credential | null {
  try {
    return openCredential(sealed, destination);
  } catch (error) {
    if (error instanceof AppError && error.code === "locked") return null;
    throw error;
  }
}

type Replacement = BroughtCredential & { field: string };

/** @throws AppError unprocessable on the field, temporarily_unavailable, stale */
export async function proveAndSave(
  actor: Actor,
  registration: StoredRegistration,
  { credential, expiresAt, field }: Replacement,
): Promise<void> {
  const proved = await proveNow({ ...registration, credential }, field);
  // Entered again, the one in use takes no new place in the history: the one before it can still be used again.
  if (isDeepStrictEqual(openIfPossible(registration), credential))
    return saveProof(actor, { ...registration, expiresAt }, proved);
  await saveCredential(actor, registration, { proved, expiresAt, origin: "typed" });
}
