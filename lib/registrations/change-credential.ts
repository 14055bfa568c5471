import "server-only";
import { isDeepStrictEqual } from "node:util";
import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { saveCredential, saveProof } from "./credentials/mutations";
import { type BroughtCredential, fieldOf, readCredentialInput } from "./credentials/read-input";
import type { ChangeCredential, EnteredCredential } from "./credentials/schema";
import { openIfPossible } from "./credentials/sealed/store";
import { proveNow } from "./prove-registration";
import { loadRegistration, type StoredRegistration } from "./store";

/**
 * Puts another credential in use, of the same kind or another. It is proved at the token endpoint
 * before it replaces the old one; when it is refused, or cannot be proved now, nothing changes.
 * Refresh tokens belong to the application, not to its credential, so no one has to sign in again.
 *
 * @throws AppError unprocessable on the field that is wrong, temporarily_unavailable, stale, not_found
 */
export async function changeCredential(
  actor: Actor,
  input: ChangeCredential,
): Promise<EnteredCredential> {
  requirePermission(actor, "providers:write");
  requireRecentProof(actor);
  const registration = await loadRegistration(input.cloudProviderId);
  const { clientId } = registration;
  const brought = readCredentialInput(input.credential, { at: "credential", clientId });
  const field = fieldOf(input.credential, "credential");
  return proveAndSave(actor, registration, { ...brought, field });
}

type Replacement = BroughtCredential & { field: string };

/**
 * One that is in use already takes no new place in the history, so that the one before it can still be used
 * again. When it expires does not change either: a form begins with a day that may not be its own.
 *
 * @throws AppError unprocessable on the field, temporarily_unavailable, stale
 * @permission none: a part of changeCredential and updateClientSecret.
 */
export async function proveAndSave(
  actor: Actor,
  registration: StoredRegistration,
  { credential, expiresAt, field }: Replacement,
): Promise<EnteredCredential> {
  const proved = await proveNow({ ...registration, credential }, field);
  const { sealed, destination } = registration;
  if (isDeepStrictEqual(openIfPossible(sealed, destination), credential)) {
    const known = await saveProof(actor, { ...registration, expiresAt }, proved);
    return { isReplaced: false, expiresAt: known };
  }
  await saveCredential(actor, registration, { proved, expiresAt, origin: "typed" });
  return { isReplaced: true, expiresAt };
}
