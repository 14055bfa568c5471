import "server-only";
import { randomUUID } from "node:crypto";
import { batched } from "@/lib/batch";
import { DAY_MS, fromNow } from "@/lib/clock";
import { type SealPlace, seal, unseal } from "@/lib/crypto";
import { db, pool, type Transaction } from "@/lib/db";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { findCloud } from "@/lib/oauth/configured-clouds";
import type { Registration } from "@/lib/oauth/microsoft";

/** A registration as it is stored, with its secret still sealed. */
export type StoredRegistration = Omit<Registration, "clientSecret"> & {
  cloudProviderId: string;
  name: string;
  redirectUri: string;
  providerVersion: number;
  credentialVersion: number;
  credential: { id: string; sealed: string | null; createdAt: Date };
};

/** With its secret opened: for token requests only, never for a view. */
export type OpenedRegistration = StoredRegistration & { clientSecret: string };

type RegistrationRow = Omit<Registration, "cloud" | "clientSecret"> & {
  id: string;
  name: string;
  cloud: string;
  redirectUri: string;
  providerVersion: number;
  credentialId: string;
  credentialVersion: number;
  secretSealed: string | null;
  secretCreatedAt: Date;
};

const FIND_REGISTRATIONS = {
  name: "find-registrations",
  text: `SELECT p.id, p.name, p.cloud, p."clientId", p."tenantId", p."accountTypes", p."redirectUri",
      p.version AS "providerVersion", c.id AS "credentialId", c.version AS "credentialVersion",
      c."secretSealed", c."createdAt" AS "secretCreatedAt"
    FROM "CloudProvider" p
    JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
    WHERE p.id = ANY($1::uuid[])`,
};

/** Many refreshes ask in the same moment: one statement answers them. */
const findRegistrations = batched(async (ids) => {
  const { rows } = await pool().query<RegistrationRow>({ ...FIND_REGISTRATIONS, values: [ids] });
  return new Map(rows.map((row) => [row.id, row]));
});

/** @throws AppError not_found, unprocessable (its cloud is no longer configured) */
export async function loadRegistration(cloudProviderId: string): Promise<StoredRegistration> {
  const row = await findRegistrations(cloudProviderId);
  if (!row) throw new AppError("not_found", "This cloud provider no longer exists.");
  const { id, cloud, credentialId, secretSealed, secretCreatedAt, ...rest } = row;
  const credential = { id: credentialId, sealed: secretSealed, createdAt: secretCreatedAt };
  return { ...rest, cloudProviderId: id, cloud: requireCloud(cloud), credential };
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

/** How long a replaced secret can be put in use again; not beyond its own end. */
const KEPT_MS = 7 * DAY_MS;

type NewCredential = {
  cloudProviderId: string;
  clientSecret: string;
  expiresAt: Date | null;
  createdByName: string;
  provedAt: Date | null;
  origin?: "typed" | "rotated" | "restored";
  /** Of a restored one: the version that it was. */
  restoredFrom?: number;
  keyId?: string;
};

/**
 * Puts a secret in use. The one before it becomes history; its value is kept for a while, so that there
 * is a way back, and those before it are erased. With another registration (`keepsLast` false) there is
 * no way back: a secret is never sent anywhere but where it belongs.
 *
 * @returns the version of the new credential
 */
export async function replaceCredential(
  tx: Transaction,
  input: NewCredential,
  { keepsLast }: { keepsLast: boolean },
): Promise<number> {
  const { cloudProviderId, clientSecret, ...rest } = input;
  const version = (await lastVersion(tx, cloudProviderId)) + 1;
  const now = new Date();
  await tx.clientCredential.updateMany({
    where: { cloudProviderId, supersededAt: { not: null } },
    data: { secretSealed: null, keptUntil: null },
  });
  await tx.clientCredential.updateMany({
    where: { cloudProviderId, supersededAt: null },
    data: {
      supersededAt: now,
      ...(keepsLast ? { keptUntil: fromNow(KEPT_MS) } : { secretSealed: null }),
    },
  });
  // What is removed at another application has no business at this one.
  if (!keepsLast)
    await tx.clientCredential.updateMany({ where: { cloudProviderId }, data: { keyId: null } });
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

async function lastVersion(tx: Transaction, cloudProviderId: string): Promise<number> {
  const last = await tx.clientCredential.findFirst({
    where: { cloudProviderId },
    orderBy: { version: "desc" },
    select: { version: true },
  });
  return last?.version ?? 0;
}

/** A replaced secret that can still be put in use again, opened. */
export type KeptSecret = {
  version: number;
  clientSecret: string;
  expiresAt: Date | null;
  keyId: string | null;
};

/** @returns null when there is none, or none of that version @throws AppError locked */
export async function findKeptSecret(
  cloudProviderId: string,
  version?: number,
): Promise<KeptSecret | null> {
  const found = await db().clientCredential.findFirst({
    where: {
      cloudProviderId,
      ...(version !== undefined && { version }),
      secretSealed: { not: null },
      supersededAt: { not: null },
      keptUntil: { gt: new Date() },
      expiresAt: { gt: new Date() },
    },
    orderBy: { version: "desc" },
    select: { id: true, version: true, secretSealed: true, expiresAt: true, keyId: true },
  });
  if (!found) return null;
  const { id, secretSealed, ...rest } = found;
  return { ...rest, clientSecret: openSecret(id, secretSealed) };
}

/** Erases the values of replaced secrets to which there is no way back any more. */
export async function eraseKeptSecrets(): Promise<void> {
  const now = new Date();
  await db().clientCredential.updateMany({
    where: {
      secretSealed: { not: null },
      supersededAt: { not: null },
      OR: [{ keptUntil: null }, { keptUntil: { lte: now } }, { expiresAt: { lte: now } }],
    },
    data: { secretSealed: null },
  });
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
