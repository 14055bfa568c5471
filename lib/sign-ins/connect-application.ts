import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { serviceOf } from "@/lib/oauth/services";
import { openRegistration } from "@/lib/registrations/store";
import { asAppError } from "@/lib/remedies/app-error";
import { saveApplication } from "./mutations";

/**
 * Connects a provider whose application signs in by itself: no person is asked, and every account of the
 * provider uses the one authorization.
 *
 * @returns the application permissions that mail needs and that were not granted
 * @throws AppError conflict (people sign in at this provider), unprocessable with the remedy,
 *   temporarily_unavailable, not_found, locked
 */
export async function connectApplication(
  actor: Actor,
  cloudProviderId: string,
): Promise<{ missing: string[] }> {
  requirePermission(actor, "providers:write");
  const registration = await openRegistration(cloudProviderId);
  const { acquireAppOnly } = serviceOf(registration);
  if (registration.grant !== "app_only" || acquireAppOnly === null)
    throw new AppError("conflict", "At this provider, mailboxes sign in, not the application.");
  const signIn = await acquireAppOnly(registration).catch((error: unknown) => {
    throw asAppError(error);
  });
  await saveApplication(actor, registration, signIn);
  return { missing: signIn.missingScopes };
}
