import { basename } from "node:path";
import { z } from "zod";
import { credentialDestination } from "@/lib/installation/keys/destinations";
import { type Destination, type SealPlace, seal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { openOrLock } from "@/lib/kernel/open-sealed";
import { thumbprintOf } from "@/lib/oauth/certificates/generate";
import type { Credential } from "@/lib/oauth/service";

export type Registered = { cloudProviderId: string; destination: Destination };

export type SealedCredential = {
  id: string;
  kind: string;
  secretSealed: string | null;
  certificate: string | null;
  /** Where the token of another issuer comes from; of a service account its name. */
  source: unknown;
};

const fileSource = z.strictObject({ tokenFile: z.string() });
const identitySource = z.strictObject({ clientId: z.string().nullable() });
const serviceAccountSource = z.strictObject({ clientEmail: z.string(), keyId: z.string() });

/** @throws AppError locked for another key, or another destination */
export function openCredential(row: SealedCredential, destination: Destination): Credential {
  switch (row.kind) {
    case "client_secret":
      return { kind: "client_secret", secret: openSecret(row, destination) };
    case "certificate":
      return {
        kind: "certificate",
        certificate: row.certificate ?? "",
        privateKey: openSecret(row, destination),
      };
    case "federated_token":
      return { kind: "federated_token", ...fileSource.parse(row.source) };
    case "managed_identity":
      return { kind: "managed_identity", ...identitySource.parse(row.source) };
    case "service_account":
      return {
        kind: "service_account",
        ...serviceAccountSource.parse(row.source),
        privateKey: openSecret(row, destination),
      };
    default:
      throw new Error(`Unhandled credential ${row.kind}`);
  }
}

/** @returns null for one that the key in use does not open: whatever is entered takes its place */
export function openIfPossible(row: SealedCredential, destination: Destination): Credential | null {
  try {
    return openCredential(row, destination);
  } catch (error) {
    if (error instanceof AppError && error.code === "locked") return null;
    throw error;
  }
}

/** The columns of a credential: what is secret sealed for this row, and what people know it by. */
export function columnsOf(id: string, credential: Credential, destination: Destination) {
  const { kind } = credential;
  const sealed = (secret: string) =>
    seal(env().keyring, secretPlace({ id, kind }, destination), secret);
  switch (credential.kind) {
    case "client_secret": {
      const { secret } = credential;
      return { kind, hint: secret.slice(-3), secretSealed: sealed(secret) };
    }
    case "certificate": {
      const { certificate, privateKey } = credential;
      const hint = thumbprintOf(certificate).slice(-3);
      return { kind, hint, certificate, secretSealed: sealed(privateKey) };
    }
    case "federated_token": {
      const { tokenFile } = credential;
      return { kind, hint: basename(tokenFile), source: { tokenFile } };
    }
    case "managed_identity": {
      const { clientId } = credential;
      return { kind, hint: clientId?.slice(-3) ?? "", source: { clientId } };
    }
    case "service_account": {
      const { clientEmail, keyId, privateKey } = credential;
      const source = { clientEmail, keyId };
      return { kind, hint: keyId.slice(-3), source, secretSealed: sealed(privateKey) };
    }
    default:
      throw new Error(`Unhandled credential ${credential satisfies never}`);
  }
}

function openSecret(row: SealedCredential, destination: Destination): string {
  return openSealed(secretPlace(row, destination), row.secretSealed ?? "");
}

export function openSealed(place: SealPlace, sealed: string): string {
  return openOrLock(
    place,
    sealed,
    "The stored credential can't be decrypted: the encryption key is a different one, or the credential was entered for another registration. Enter it again.",
  );
}

function secretPlace({ id, kind }: Pick<SealedCredential, "id" | "kind">, provider: Destination) {
  const destination = credentialDestination(provider, kind);
  return { table: "ClientCredential", id, column: "secretSealed", destination };
}

export async function openPendingCertificate(
  registration: Registered,
): Promise<(Extract<Credential, { kind: "certificate" }> & { expiresAt: Date }) | null> {
  const { cloudProviderId } = registration;
  const found = await db().pendingCertificate.findUnique({ where: { cloudProviderId } });
  if (!found) return null;
  const { certificate, privateKeySealed, expiresAt } = found;
  const privateKey = openSealed(pendingPlace(registration), privateKeySealed);
  return { kind: "certificate", certificate, privateKey, expiresAt };
}

export function sealPendingKey(registration: Registered, privateKey: string): string {
  return seal(env().keyring, pendingPlace(registration), privateKey);
}

function pendingPlace({ cloudProviderId: id, destination: provider }: Registered): SealPlace {
  const destination = credentialDestination(provider, "certificate");
  return { table: "PendingCertificate", id, column: "privateKeySealed", destination };
}
