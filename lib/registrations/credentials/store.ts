import "server-only";
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { z } from "zod";
import { credentialDestination } from "@/lib/installation/keys/destinations";
import { DAY_MS } from "@/lib/kernel/clock";
import { type Destination, type SealPlace, seal, unseal } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { thumbprintOf } from "@/lib/oauth/certificates/thumbprint";
import type { Credential } from "@/lib/oauth/service";
import type { AdmittedCredential } from "../prove-registration";

/** A credential as its row holds it. */
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

/**
 * @param destination of the registration that it is to be used for
 * @throws AppError locked when the key in use does not open it, or it was sealed for another one
 */
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

/** The columns of a credential: what is secret sealed for this row, and what people know it by. */
function columnsOf(id: string, credential: Credential, destination: Destination) {
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

/** How long a replaced credential can be put in use again; not beyond its own end. */
const KEPT_MS = 7 * DAY_MS;

/** Entered by hand, made here, made here through Graph, or put in use again. */
export type CredentialOrigin = "typed" | "made" | "rotated" | "restored";

type NewCredential = {
  cloudProviderId: string;
  admitted: AdmittedCredential;
  expiresAt: Date | null;
  createdByName: string;
  origin?: CredentialOrigin;
  /** Of a restored one: the version that it was. */
  restoredFrom?: number;
  keyId?: string;
};

/**
 * Puts a credential in use. The one before it becomes history; its value is kept for a while, so that
 * there is a way back, and those before it are erased. With another registration (`keepsLast` false)
 * there is no way back: a secret is never sent anywhere but where it belongs.
 *
 * @returns the version of the new credential
 */
export async function replaceCredential(
  tx: Transaction,
  input: NewCredential,
  { keepsLast }: { keepsLast: boolean },
): Promise<number> {
  const { cloudProviderId, admitted, ...rest } = input;
  const { credential, destination, provedAt } = admitted;
  const version = (await lastVersion(tx, cloudProviderId)) + 1;
  const now = await databaseNow(0, tx);
  await tx.clientCredential.updateMany({
    where: { cloudProviderId, supersededAt: { not: null } },
    data: { secretSealed: null, keptUntil: null },
  });
  await tx.clientCredential.updateMany({
    where: { cloudProviderId, supersededAt: null },
    data: {
      supersededAt: now,
      ...(keepsLast ? { keptUntil: new Date(now.getTime() + KEPT_MS) } : { secretSealed: null }),
    },
  });
  // What is removed at another application has no business at this one.
  if (!keepsLast)
    await tx.clientCredential.updateMany({ where: { cloudProviderId }, data: { keyId: null } });
  const id = randomUUID();
  await tx.clientCredential.create({
    data: {
      ...rest,
      ...columnsOf(id, credential, destination),
      id,
      cloudProviderId,
      version,
      provedAt,
    },
    select: { id: true },
  });
  if (credential.kind === "certificate") {
    const { certificate } = credential;
    await tx.pendingCertificate.deleteMany({ where: { cloudProviderId, certificate } });
  }
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

/** A replaced credential that can still be put in use again, opened. */
export type KeptCredential = {
  version: number;
  credential: Credential;
  expiresAt: Date | null;
  keyId: string | null;
};

/** Which registration, and where what is sealed for it may be sent. */
type Registered = { cloudProviderId: string; destination: Destination };

/** @returns null when there is none, or none of that version @throws AppError locked */
export async function findKeptCredential(
  { cloudProviderId, destination }: Registered,
  version?: number,
): Promise<KeptCredential | null> {
  const now = await databaseNow();
  const found = await db().clientCredential.findFirst({
    where: {
      cloudProviderId,
      ...(version !== undefined && { version }),
      supersededAt: { not: null },
      keptUntil: { gt: now },
      OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
    },
    orderBy: { version: "desc" },
    select: {
      ...{
        id: true,
        version: true,
        kind: true,
        secretSealed: true,
        certificate: true,
        source: true,
      },
      ...{ expiresAt: true, keyId: true },
    },
  });
  if (!found) return null;
  const { expiresAt, keyId } = found;
  return {
    version: found.version,
    credential: openCredential(found, destination),
    expiresAt,
    keyId,
  };
}

type PendingCertificate = Extract<Credential, { kind: "certificate" }> & { expiresAt: Date };

/** A certificate that was made here and waits for being known, opened. @throws AppError locked */
export async function openPendingCertificate(
  registration: Registered,
): Promise<PendingCertificate | null> {
  const { cloudProviderId } = registration;
  const found = await db().pendingCertificate.findUnique({ where: { cloudProviderId } });
  if (!found) return null;
  const { certificate, privateKeySealed, expiresAt } = found;
  const privateKey = open(pendingPlace(registration), privateKeySealed);
  return { kind: "certificate", certificate, privateKey, expiresAt };
}

export function sealPendingKey(registration: Registered, privateKey: string): string {
  return seal(env().keyring, pendingPlace(registration), privateKey);
}

function pendingPlace({ cloudProviderId: id, destination: provider }: Registered): SealPlace {
  const destination = credentialDestination(provider, "certificate");
  return { table: "PendingCertificate", id, column: "privateKeySealed", destination };
}

/** Erases the values of replaced credentials to which there is no way back any more. */
export async function eraseKeptSecrets(): Promise<void> {
  const now = await databaseNow();
  await db().clientCredential.updateMany({
    where: {
      secretSealed: { not: null },
      supersededAt: { not: null },
      OR: [{ keptUntil: null }, { keptUntil: { lte: now } }, { expiresAt: { lte: now } }],
    },
    data: { secretSealed: null },
  });
}

function openSecret(row: SealedCredential, destination: Destination): string {
  return open(secretPlace(row, destination), row.secretSealed ?? "");
}

function open(place: SealPlace, sealed: string): string {
  try {
    return unseal(env().keyring, place, sealed);
  } catch (cause) {
    throw lockedSecret(cause);
  }
}

function lockedSecret(cause: unknown): AppError {
  const message =
    "The stored credential does not open: the encryption key is another one, or the registration is not the one that it was entered for. Enter it again.";
  return new AppError("locked", message, { cause, remedyId: "postkey.locked" });
}

function secretPlace(
  { id, kind }: Pick<SealedCredential, "id" | "kind">,
  provider: Destination,
): SealPlace {
  const destination = credentialDestination(provider, kind);
  return { table: "ClientCredential", id, column: "secretSealed", destination };
}
