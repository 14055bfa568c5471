import type { AuditActor } from "@/lib/audit/mutations";
import { staleEdit } from "@/lib/audit/stale-edit";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { endOfDay, lastIsoDayOf, wallTime } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import type { Destination } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import { only } from "@/lib/kernel/words";
import type { KeyedCertificate } from "@/lib/oauth/certificates/generate";
import { markRefused, pauseProvider, retryAfterRegistrationFixed } from "../held-sign-ins/store";
import type { ProvedCredential } from "../prove-registration";
import { providerNotFound } from "../queries";
import { closeRotation, NO_ROTATION } from "../rotations/store";
import { providerUseSchema } from "../schema";
import { tell } from "../store";
import { changeSecretExpirySchema } from "./schema";
import { sealPendingKey } from "./sealed/store";
import { anotherInUse, type CredentialOrigin, replaceCredential } from "./store";

type Provider = { cloudProviderId: string; name: string; destination: Destination };

/** Keeps a certificate that was made until it is proved; one that waited before it is forgotten. */
export async function savePendingCertificate(actor: Actor, input: Provider & KeyedCertificate) {
  requirePermission(actor, "providers:write");
  const { cloudProviderId, name, destination, certificate, privateKey, expiresAt } = input;
  const data = {
    certificate,
    expiresAt,
    createdAt: wallTime(),
    createdByName: actor.name,
    privateKeySealed: sealPendingKey({ cloudProviderId, destination }, privateKey),
  };
  await db().$transaction(async (tx) => {
    await tx.pendingCertificate.upsert({
      where: { cloudProviderId },
      create: { cloudProviderId, ...data },
      update: data,
      select: { cloudProviderId: true },
    });
    await tell(tx, actor, { action: "cloud_provider.make_certificate", id: cloudProviderId, name });
  });
}

export const discardPendingCertificate = command({
  input: providerUseSchema,
  permission: "providers:write",
  async run({ tx, actor }, { cloudProviderId }): Promise<void> {
    const { count } = await tx.pendingCertificate.deleteMany({ where: { cloudProviderId } });
    const provider = await tx.cloudProvider.findUnique({
      where: { id: cloudProviderId },
      select: { name: true },
    });
    if (count === 0 || !provider) return;
    const action = "cloud_provider.discard_certificate";
    await tell(tx, actor, { action, id: cloudProviderId, ...provider });
  },
});

/**
 * Ends what a refusal stored. @param inUse `expiresAt` counts only where none is known
 * @permission none: a part of proveCredentialInUse and proveAndSave.
 */
export async function saveProof(
  actor: Actor,
  inUse: InUse & { expiresAt?: Date | null },
  { provedAt }: ProvedCredential,
): Promise<Date | null> {
  const { cloudProviderId, name, credentialVersion: version, expiresAt: entered = null } = inUse;
  return db().$transaction(async (tx) => {
    // The provider first, as for a new credential, so that two changes cannot deadlock.
    await tx.cloudProvider.updateMany({
      where: { id: cloudProviderId },
      data: { failureId: null, failedAt: null },
    });
    const { count } = await tx.clientCredential.updateMany({
      where: { cloudProviderId, version, supersededAt: null },
      data: { provedAt, refusedAt: null, refusedAs: null },
    });
    if (count !== 1) throw anotherInUse();
    const known = await tx.clientCredential.findFirstOrThrow({
      where: { cloudProviderId, version },
      select: { id: true, expiresAt: true },
    });
    const detail = !known.expiresAt && entered && (await learnExpiry(tx, known.id, entered));
    await retryAfterRegistrationFixed(tx, cloudProviderId);
    await tell(tx, actor, {
      action: "cloud_provider.prove_credential",
      id: cloudProviderId,
      name,
      ...(detail && { detail }),
    });
    return known.expiresAt ?? entered;
  });
}

async function learnExpiry(tx: Transaction, id: string, expiresAt: Date) {
  await tx.clientCredential.update({ where: { id }, data: { expiresAt }, select: { id: true } });
  return { before: dayOf(null), secretExpiresOn: dayOf(expiresAt) };
}

function dayOf(expiresAt: Date | null): string {
  return expiresAt ? lastIsoDayOf(expiresAt) : "none";
}

/** The secret itself stays. @throws AppError conflict for what has no expiry of its own */
export const changeSecretExpiry = command({
  input: changeSecretExpirySchema,
  permission: "providers:write",
  async run({ tx, actor }, { cloudProviderId, version, secretExpiresOn }): Promise<void> {
    const inUse = await tx.clientCredential.findFirst({
      where: { cloudProviderId, supersededAt: null },
      select: {
        ...only("id version kind keyId expiresAt"),
        cloudProvider: { select: { name: true } },
      },
    });
    if (!inUse) throw providerNotFound();
    if (inUse.kind !== "client_secret")
      throw new AppError("conflict", "The credential in use is not a client secret.");
    if (inUse.version !== version) throw anotherInUse();
    if (inUse.keyId !== null)
      throw new AppError("conflict", "Postkey created this secret and knows when it expires.");
    await tx.clientCredential.update({
      where: { id: inUse.id },
      data: { expiresAt: endOfDay(secretExpiresOn) },
      select: { id: true },
    });
    const before = dayOf(inUse.expiresAt);
    await tell(tx, actor, {
      action: "cloud_provider.change_secret_expiry",
      id: cloudProviderId,
      name: inUse.cloudProvider.name,
      detail: { before, secretExpiresOn },
    });
  },
});

export async function saveRefusal(
  actor: Actor,
  { cloudProviderId, credentialVersion }: InUse,
  failureId: string,
): Promise<void> {
  requirePermission(actor, "authorizations:write");
  await db().$transaction(async (tx) => {
    if (!(await markRefused(tx, { cloudProviderId, credentialVersion, failureId }))) return;
    await pauseProvider(tx, cloudProviderId, failureId);
    await publish(tx, { type: "cloud_provider", id: cloudProviderId });
  });
}

type InUse = { cloudProviderId: string; name: string; credentialVersion: number };

/** The registration that the credential was proved for, and the one in use at that time. */
type Registered = InUse & { providerVersion: number };

type NewCredential = {
  proved: ProvedCredential;
  refusedAs?: string;
  expiresAt: Date | null;
  origin: CredentialOrigin;
  restoredFrom?: number;
  keyId?: string;
  rotationFence?: number;
};

const CHANGES = {
  typed: { verb: "update", text: (what: string) => `the ${what} was updated` },
  made: { verb: "update", text: (what: string) => `the ${what} that Postkey created is in use` },
  rotated: { verb: "rotate", text: (what: string) => `Postkey replaced the ${what}` },
  restored: { verb: "restore", text: (what: string) => `the last ${what} is in use again` },
} as const;

/** @param by is only named. @throws AppError stale after any other change since the proof */
export async function saveCredential(
  by: AuditActor,
  { cloudProviderId, name, providerVersion, credentialVersion: replaces }: Registered,
  { proved, rotationFence: fence, refusedAs, ...rest }: NewCredential,
): Promise<void> {
  const { verb, text } = CHANGES[rest.origin];
  const { kind } = proved.credential;
  const object = { kind: "cloud_provider", id: cloudProviderId, name };
  await db().$transaction(async (tx) => {
    const { count } = await tx.cloudProvider.updateMany({
      where: { id: cloudProviderId, version: providerVersion },
      data: {
        failureId: null,
        failedAt: null,
        updatedAt: wallTime(),
        rotationFailureId: null,
        rotationFailedAt: null,
        // Only a client secret can be renewed through Graph.
        ...(kind !== "client_secret" && NO_ROTATION),
      },
    });
    const isStale =
      count !== 1 ||
      (fence !== undefined && !(await closeRotation(tx, { cloudProviderId, fence })));
    if (isStale) throw await staleEdit(object, providerVersion);
    const made = { ...rest, replaces, cloudProviderId, createdByName: by.name };
    await replaceCredential(tx, { ...made, admitted: proved }, { keepsLast: true });
    if (refusedAs !== undefined)
      await tx.clientCredential.updateMany({
        where: { cloudProviderId, version: replaces },
        data: { refusedAt: wallTime(), refusedAs },
      });
    await retryAfterRegistrationFixed(tx, cloudProviderId);
    await tell(tx, by, {
      action: `cloud_provider.${verb}_${kind}`,
      id: cloudProviderId,
      name,
      message: `${name}: ${text(kind.replaceAll("_", " "))}.`,
    });
  });
}
