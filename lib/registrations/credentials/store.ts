import { randomUUID } from "node:crypto";
import { DAY_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { only } from "@/lib/kernel/words";
import type { AdmittedCredential } from "../prove-registration";
import {
  columnsOf,
  openCredential,
  openIfPossible,
  type Registered,
  type SealedCredential,
} from "./sealed/store";

/** How long a replaced credential can be put in use again; not beyond its own end. */
const KEPT_MS = 7 * DAY_MS;

export type CredentialOrigin = "typed" | "made" | "rotated" | "restored";

type NewCredential = {
  cloudProviderId: string;
  admitted: AdmittedCredential;
  expiresAt: Date | null;
  /** The version that was in use when this one was entered; null for the first one. */
  replaces: number | null;
  createdByName: string;
  origin?: CredentialOrigin;
  restoredFrom?: number;
  keyId?: string;
};

/**
 * The one before is kept for a way back, unless the registration became another; older ones are
 * erased. @returns its version @throws AppError stale: of two at once, the later one stays
 */
export async function replaceCredential(
  tx: Transaction,
  input: NewCredential,
  { keepsLast }: { keepsLast: boolean },
): Promise<number> {
  const { cloudProviderId, admitted, replaces, ...rest } = input;
  const { credential, destination, provedAt, proofFailureId } = admitted;
  const version = (await lastVersion(tx, cloudProviderId)) + 1;
  const now = await databaseNow(0, tx);
  await tx.clientCredential.updateMany({
    where: { cloudProviderId, supersededAt: { not: null } },
    data: { secretSealed: null, keptUntil: null },
  });
  const { count } = await tx.clientCredential.updateMany({
    where: { cloudProviderId, supersededAt: null, version: replaces ?? 0 },
    data: {
      supersededAt: now,
      ...(keepsLast ? { keptUntil: new Date(now.getTime() + KEPT_MS) } : { secretSealed: null }),
    },
  });
  if (count !== (replaces === null ? 0 : 1)) throw anotherInUse();
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
      refusedAs: proofFailureId,
    },
    select: { id: true },
  });
  if (credential.kind === "certificate") {
    const { certificate } = credential;
    await tx.pendingCertificate.deleteMany({ where: { cloudProviderId, certificate } });
  }
  return version;
}

export function anotherInUse(): AppError {
  return new AppError("stale", "Another credential is now in use. Reload the page.", {
    forPrograms:
      "Another credential is now in use. Read the cloud provider again, and repeat the change if it is still needed.",
  });
}

async function lastVersion(tx: Transaction, cloudProviderId: string): Promise<number> {
  const last = await tx.clientCredential.findFirst({
    where: { cloudProviderId },
    orderBy: { version: "desc" },
    select: { version: true },
  });
  return last?.version ?? 0;
}

const sealedView = only("id kind secretSealed certificate source") satisfies Record<
  keyof SealedCredential,
  true
>;

/** Opened: null where the key in use does not open it. */
export async function findCredentialInUse({ cloudProviderId, destination }: Registered) {
  const found = await db().clientCredential.findFirst({
    where: { cloudProviderId, supersededAt: null },
    select: { ...sealedView, version: true, expiresAt: true },
  });
  if (!found) return null;
  const { version, expiresAt } = found;
  return { version, expiresAt, credential: openIfPossible(found, destination) };
}

/** @returns null when there is none, or none of that version @throws AppError locked */
export async function findKeptCredential(
  { cloudProviderId, destination }: Registered,
  version?: number,
) {
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
    select: { ...sealedView, version: true, expiresAt: true, keyId: true },
  });
  if (!found) return null;
  const credential = openCredential(found, destination);
  return { version: found.version, credential, expiresAt: found.expiresAt, keyId: found.keyId };
}

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
