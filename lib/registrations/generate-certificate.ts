import "server-only";
import { command } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { generateCertificate, type KeyedCertificate } from "@/lib/oauth/certificates/generate";
import { OAuthFailure } from "@/lib/oauth/oauth-failure";
import { asAppError } from "@/lib/remedies/app-error";
import { saveCredential, savePendingCertificate } from "./credentials/mutations";
import { openPendingCertificate } from "./credentials/pending/store";
import { type GenerateCertificate, generateCertificateSchema } from "./credentials/schema";
import {
  isUnknownCertificate,
  notProvedNow,
  prove,
  requireCredentialKind,
  unknownCertificate,
} from "./prove-registration";
import { providerUseSchema } from "./schema";
import { loadRegistration, type StoredRegistration } from "./store";

/**
 * It waits until its public part is uploaded and proved; the current credential stays until then.
 */
export const generateProviderCertificate = command({
  input: generateCertificateSchema,
  permission: "providers:write",
  async act(actor, { cloudProviderId, bits, months }): Promise<void> {
    const registration = await loadRegistration(cloudProviderId);
    requireCredentialKind(registration, "certificate");
    const { name, destination } = registration;
    const made = await makeCertificate(name, { bits, months });
    await savePendingCertificate(actor, { ...made, cloudProviderId, name, destination });
  },
});

export const proveAndUseCertificate = command({
  input: providerUseSchema,
  permission: "providers:write",
  async act(actor, { cloudProviderId }): Promise<void> {
    const registration = await loadRegistration(cloudProviderId);
    const pending = await openPendingCertificate(registration);
    if (!pending)
      throw new AppError("conflict", "This certificate is no longer waiting. Reload the page.", {
        forPrograms: "This certificate is no longer waiting.",
      });
    const { expiresAt, ...credential } = pending;
    const proved = await prove({ ...registration, credential }).catch((error: unknown) => {
      throw refusal(registration, error);
    });
    await saveCredential(actor, registration, { proved, expiresAt, origin: "made" });
  },
});

function refusal(registration: StoredRegistration, error: unknown): unknown {
  if (!(error instanceof OAuthFailure)) return error;
  if (error.isPassing) return notProvedNow(error);
  if (isUnknownCertificate(registration, error)) return unknownCertificate(error);
  return asAppError(error);
}

type Wishes = Pick<GenerateCertificate, "bits" | "months">;

export function makeCertificate(name: string, { bits, months }: Wishes): Promise<KeyedCertificate> {
  return generateCertificate({
    commonName: `Postkey ${name}`,
    bits: bits === "2048" ? 2048 : 3072,
    months: Number(months),
  });
}
