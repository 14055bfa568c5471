import "server-only";
import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { saveCredential } from "./credentials/mutations";
import { findKeptCredential } from "./credentials/store";
import { proveNow } from "./prove-registration";
import type { RestoreClientSecret } from "./schema";
import { loadRegistration } from "./store";

/**
 * Puts a replaced secret in use again, while its value is kept. It is proved first, as a new one is.
 *
 * @throws AppError unprocessable with the remedy, temporarily_unavailable, conflict (erased, or never
 *   replaced), not_found
 */
export async function restoreClientSecret(actor: Actor, input: RestoreClientSecret): Promise<void> {
  requirePermission(actor, "providers:write");
  requireRecentProof(actor);
  const { cloudProviderId, version } = input;
  const registration = await loadRegistration(cloudProviderId);
  const kept = await findKeptCredential(registration, version);
  if (!kept) throw new AppError("conflict", "This credential is no longer kept. Enter it again.");
  const { credential, expiresAt, keyId } = kept;
  const proved = await proveNow({ ...registration, credential }, "root");
  await saveCredential(actor, registration, {
    proved,
    expiresAt,
    origin: "restored",
    restoredFrom: version,
    ...(keyId !== null && { keyId }),
  });
}
