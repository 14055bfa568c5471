import "server-only";
import { randomUUID } from "node:crypto";
import { type SealPlace, seal, unseal } from "@/lib/crypto";
import { db, type Transaction } from "@/lib/db";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { findCloud } from "@/lib/oauth/configured-clouds";
import type { AccountTypes, Registration } from "@/lib/oauth/microsoft";

/** A registration as it is stored, with its secret still sealed. */
export type StoredRegistration = Omit<Registration, "clientSecret"> & {
  cloudProviderId: string;
  name: string;
  redirectUri: string;
  providerVersion: number;
  credentialVersion: number;
  credential: { id: string; sealed: string | null };
};

/** With its secret opened: for token requests only, never for a view. */
export type OpenedRegistration = StoredRegistration & { clientSecret: string };

/** @throws AppError not_found, unprocessable (its cloud is no longer configured) */
export async function loadRegistration(cloudProviderId: string): Promise<StoredRegistration> {
  const provider = await db().cloudProvider.findUnique({
    where: { id: cloudProviderId },
    select: {
      name: true,
      cloud: true,
      clientId: true,
      tenantId: true,
      accountTypes: true,
      redirectUri: true,
      version: true,
      credentials: {
        where: { supersededAt: null },
        select: { id: true, secretSealed: true, version: true },
      },
    },
  });
  const credential = provider?.credentials[0];
  if (!provider || !credential)
    throw new AppError("not_found", "This cloud provider no longer exists.");
  return {
    cloudProviderId,
    name: provider.name,
    cloud: requireCloud(provider.cloud),
    clientId: provider.clientId,
    tenantId: provider.tenantId,
    accountTypes: provider.accountTypes as AccountTypes, // written by the schema's enum only
    redirectUri: provider.redirectUri,
    providerVersion: provider.version,
    credentialVersion: credential.version,
    credential: { id: credential.id, sealed: credential.secretSealed },
  };
}

/** @throws AppError as loadRegistration, and locked when the key in use does not open the secret */
export async function openRegistration(cloudProviderId: string): Promise<OpenedRegistration> {
  const stored = await loadRegistration(cloudProviderId);
  const { id, sealed } = stored.credential;
  return { ...stored, clientSecret: openSecret(id, sealed) };
}

export function requireCloud(id: string) {
  const cloud = findCloud(id);
  if (cloud) return cloud;
  throw new AppError("unprocessable", `The cloud “${id}” is not configured.`, {
    fields: { cloud: [`The cloud “${id}” is not configured.`] },
  });
}

type NewCredential = {
  cloudProviderId: string;
  clientSecret: string;
  expiresAt: Date;
  createdByName: string;
  provedAt: Date | null;
};

/**
 * Puts a secret in use: the one before it becomes history and its value is erased.
 * @returns the version of the new credential
 */
export async function replaceCredential(tx: Transaction, input: NewCredential): Promise<number> {
  const { cloudProviderId, clientSecret, ...rest } = input;
  const last = await tx.clientCredential.findFirst({
    where: { cloudProviderId },
    orderBy: { version: "desc" },
    select: { version: true },
  });
  const version = (last?.version ?? 0) + 1;
  await tx.clientCredential.updateMany({
    where: { cloudProviderId, supersededAt: null },
    data: { supersededAt: new Date(), secretSealed: null },
  });
  const id = randomUUID();
  await tx.clientCredential.create({
    data: {
      ...rest,
      id,
      cloudProviderId,
      version,
      hint: clientSecret.slice(-3),
      secretSealed: seal(env().keyring, secretPlace(id), clientSecret),
    },
    select: { id: true },
  });
  return version;
}

function openSecret(credentialId: string, sealed: string | null): string {
  try {
    return unseal(env().keyring, secretPlace(credentialId), sealed ?? "");
  } catch (cause) {
    throw lockedSecret(cause);
  }
}

function lockedSecret(cause: unknown): AppError {
  const message = "The stored client secret cannot be opened with the encryption key in use.";
  return new AppError("locked", message, { cause, remedyId: "postkey.locked" });
}

function secretPlace(id: string): SealPlace {
  return { table: "ClientCredential", id, column: "secretSealed" };
}
