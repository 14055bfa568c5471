import "server-only";
import { POSTKEY } from "@/lib/actor";
import { HOUR_MS } from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { saveClientSecret } from "./mutations";
import { isProved } from "./prove-registration";
import { findKeptSecret, type OpenedRegistration } from "./store";

/** A secret that is refused this soon after it came into use is taken for a mistake. */
const NEW_FOR_MS = HOUR_MS;

/**
 * Puts the last secret in use again when a new one, although it was proved, is refused within its first
 * hour, and the last one still works. Microsoft's servers learn of a new or deleted secret one after
 * the other, so that a proof may be ahead of some of them.
 *
 * @returns whether another secret is in use now than the one that was refused
 */
export async function fallBackToLastSecret(registration: OpenedRegistration): Promise<boolean> {
  const { cloudProviderId, name, providerVersion, credential } = registration;
  if (Date.now() - credential.createdAt.getTime() > NEW_FOR_MS) return false;
  const last = await findKeptSecret(cloudProviderId);
  if (!last || !(await isProved({ ...registration, clientSecret: last.clientSecret })))
    return false;
  log.warn({ cloudProviderId }, "the new client secret was refused: the last one is in use again");
  const { version, keyId, ...secret } = last;
  try {
    await saveClientSecret(POSTKEY, {
      ...{ cloudProviderId, name, providerVersion, origin: "restored", provedAt: new Date() },
      ...secret,
      restoredFrom: version,
      ...(keyId !== null && { keyId }),
    });
    return true;
  } catch (error) {
    // Somebody changed the registration meanwhile: theirs is to be tried.
    if (error instanceof AppError && error.code === "stale") return true;
    throw error;
  }
}
