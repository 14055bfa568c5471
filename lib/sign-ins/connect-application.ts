import "server-only";
import { command } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { serviceOf } from "@/lib/oauth/services";
import { providerUseSchema } from "@/lib/registrations/schema";
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
export const connectApplication = command({
  input: providerUseSchema,
  permission: "providers:write",
  async act(actor, { cloudProviderId }): Promise<{ missing: string[] }> {
    const registration = await openRegistration(cloudProviderId);
    const { acquireAppOnly } = serviceOf(registration);
    if (registration.grant !== "app_only" || acquireAppOnly === null)
      throw new AppError("conflict", "At this provider, mailboxes sign in, not the application.");
    const signIn = await acquireAppOnly(registration).catch((error: unknown) => {
      throw asAppError(error);
    });
    await saveApplication(actor, registration, signIn);
    return { missing: signIn.missingScopes };
  },
});
