import { isDeepStrictEqual } from "node:util";
import type { Actor } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { generateCertificate, type KeyedCertificate } from "@/lib/oauth/certificates/generate";
import { OAuthFailure } from "@/lib/oauth/oauth-failure";
import { asAppError } from "@/lib/remedies/app-error";
import { saveCredential, savePendingCertificate, saveProof } from "./credentials/mutations";
import { type BroughtCredential, fieldOf, readCredentialInput } from "./credentials/read-input";
import {
  changeCredentialSchema,
  type EnteredCredential,
  type GenerateCertificate,
  generateCertificateSchema,
} from "./credentials/schema";
import { openIfPossible, openPendingCertificate } from "./credentials/sealed/store";
import { findKeptCredential } from "./credentials/store";
import {
  isUnknownCertificate,
  notProvedNow,
  prove,
  proveNow,
  requireCredentialKind,
  unknownCertificate,
} from "./prove-registration";
import { providerUseSchema, restoreClientSecretSchema, updateClientSecretSchema } from "./schema";
import { loadRegistration, openRegistration, type StoredRegistration } from "./store";

/** Proved before it replaces the old one. Refresh tokens belong to the application: no one has to sign in again. */
export const changeCredential = command({
  input: changeCredentialSchema,
  permission: "providers:write",
  proof: true,
  async act(actor, input): Promise<EnteredCredential> {
    const registration = await loadRegistration(input.cloudProviderId);
    const { clientId } = registration;
    const brought = readCredentialInput(input.credential, { at: "credential", clientId });
    const field = fieldOf(input.credential, "credential");
    return proveAndSave(actor, registration, { ...brought, field });
  },
});

/**
 * Re-entering the credential in use changes neither history nor expiry.
 * @permission none: a part of changeCredential and updateClientSecret.
 */
export async function proveAndSave(
  actor: Actor,
  registration: StoredRegistration,
  { credential, expiresAt, field }: BroughtCredential & { field: string },
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

export const updateClientSecret = command({
  input: updateClientSecretSchema,
  permission: "providers:write",
  proof: true,
  async act(actor, input): Promise<EnteredCredential> {
    const { cloudProviderId, ...typed } = input;
    const registration = await loadRegistration(cloudProviderId);
    const { clientId } = registration;
    const brought = readCredentialInput({ kind: "client_secret", ...typed }, { at: "", clientId });
    return proveAndSave(actor, registration, { ...brought, field: "clientSecret" });
  },
});

/** While its value is kept. @throws AppError conflict once it is erased */
export const restoreClientSecret = command({
  input: restoreClientSecretSchema,
  permission: "providers:write",
  proof: true,
  async act(actor, input): Promise<void> {
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
  },
});

/** For one created here, or not provable when it was entered. */
export const proveCredentialInUse = command({
  input: providerUseSchema,
  permission: "authorizations:write",
  async act(actor, { cloudProviderId }): Promise<void> {
    const registration = await openRegistration(cloudProviderId);
    const proved = await proveNow(registration, "root").catch((error: unknown) => {
      // In other words: it is the one that was made here, and it waits for being registered.
      throw isUnknownCertificate(registration, error) ? unknownCertificate(error) : error;
    });
    await saveProof(actor, registration, proved);
  },
});

/** It waits until its public part is uploaded and proved; the current credential stays until then. */
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
