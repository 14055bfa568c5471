import "server-only";
import { type Actor, requirePermission } from "@/lib/actor";
import { notProvedNow } from "./change-credential";
import { saveProof } from "./mutations";
import { proveRegistration } from "./prove-registration";
import { openRegistration } from "./store";

/**
 * Proves the credential in use: one that was made here and is registered by now, or that could not be
 * proved when it was entered.
 *
 * @throws AppError unprocessable with the remedy, temporarily_unavailable, stale, not_found, locked
 */
export async function proveCredentialInUse(actor: Actor, cloudProviderId: string): Promise<void> {
  requirePermission(actor, "providers:write");
  const registration = await openRegistration(cloudProviderId);
  if (!(await proveRegistration(registration, "root"))) throw notProvedNow();
  const { name, credentialVersion } = registration;
  await saveProof(actor, { cloudProviderId, name, credentialVersion });
}
