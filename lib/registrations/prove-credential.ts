import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { saveProof } from "./credentials/mutations";
import { isUnknownCertificate, proveNow, unknownCertificate } from "./prove-registration";
import { openRegistration } from "./store";

/**
 * Proves the credential in use: one that was made here and is registered by now, or that could not be
 * proved when it was entered.
 *
 * @throws AppError unprocessable with the remedy, temporarily_unavailable, stale, not_found, locked
 */
export async function proveCredentialInUse(actor: Actor, cloudProviderId: string): Promise<void> {
  requirePermission(actor, "authorizations:write");
  const registration = await openRegistration(cloudProviderId);
  const proved = await proveNow(registration, "root").catch((error: unknown) => {
    // In other words: it is the one that was made here, and it waits for being registered.
    throw isUnknownCertificate(registration, error) ? unknownCertificate(error) : error;
  });
  await saveProof(actor, registration, proved);
}
