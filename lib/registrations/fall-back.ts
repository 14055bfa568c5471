import { BY_POSTKEY } from "@/lib/audit/postkey";
import { HOUR_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { saveCredential } from "./credentials/mutations";
import { findKeptCredential } from "./credentials/store";
import { proveIfTaken } from "./prove-registration";
import type { OpenedRegistration } from "./store";

/** A credential that is refused this soon after it came into use is taken for a mistake. */
const NEW_FOR_MS = HOUR_MS;

/** Servers learn of secrets one after the other: a proof may be ahead of some. @returns whether another is in use now */
export async function fallBackToLastCredential(
  registration: OpenedRegistration,
  refusedAs: string,
): Promise<boolean> {
  const { cloudProviderId, sealed } = registration;
  if (sealed.createdAt < (await databaseNow(-NEW_FOR_MS))) return false;
  const last = await findKeptCredential(registration);
  const proved = last && (await proveIfTaken({ ...registration, credential: last.credential }));
  if (!proved) return false;
  log.warn({ cloudProviderId }, "the new credential was refused: the last one is in use again");
  const { version, keyId, expiresAt } = last;
  try {
    await saveCredential(BY_POSTKEY, registration, {
      proved,
      expiresAt,
      refusedAs,
      origin: "restored",
      restoredFrom: version,
      ...(keyId !== null && { keyId }),
    });
    return true;
  } catch (error) {
    // The registration was changed meanwhile: its new credential is to be tried.
    if (error instanceof AppError && error.code === "stale") return true;
    throw error;
  }
}
