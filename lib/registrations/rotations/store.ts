import { credentialDestination } from "@/lib/installation/keys/destinations";
import { type Destination, type SealPlace, seal, unseal } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { publish } from "@/lib/kernel/events/mutations";
import { LEASES } from "@/lib/kernel/leases";
import type { Transaction } from "@/lib/kernel/transaction";
import type { MadeSecret } from "@/lib/oauth/service";

/** Longer than the requests of one turn take together, each at its deadline. */
const LEASE = LEASES.secretRotation;

/** A turn at a provider's rotation: there is no other, as long as the fence is the same. */
export type RotationClaim = {
  cloudProviderId: string;
  fence: number;
  failures: number;
  displayName: string | null;
  credentialVersion: number | null;
  secretSealed: string | null;
  keyId: string | null;
  expiresAt: Date | null;
  madeAt: Date | null;
};

// Ends: One provider after the other, while any is due.
const claimWhere = (condition: string) => `
  INSERT INTO "SecretRotation" AS r ("cloudProviderId", "leaseUntil")
  SELECT p.id, ${LEASE.until}
  FROM "CloudProvider" p LEFT JOIN "SecretRotation" s ON s."cloudProviderId" = p.id
  WHERE p."autoRotate" AND ${LEASE.isFree('s."leaseUntil"')} AND ${condition}
  ORDER BY p."rotateDueAt" LIMIT 1
  ON CONFLICT ("cloudProviderId") DO UPDATE
    SET "leaseUntil" = excluded."leaseUntil", fence = r.fence + 1
    WHERE ${LEASE.isFree('r."leaseUntil"')}
  RETURNING "cloudProviderId", fence, failures, "displayName", "credentialVersion", "secretSealed",
    "keyId", "expiresAt", "madeAt"`;

/** Turns are a day apart at most. A time ahead of the clock is not trusted, whatever wrote it. */
const IS_DUE = `p."rotateDueAt" IS NOT NULL AND (NOT postkey_holds(p."rotateDueAt", interval '1 day')
  OR postkey_is_ahead(p."rotationFailedAt") OR postkey_is_ahead(s."madeAt")
  OR postkey_is_ahead(${LEASE.beginOf('s."leaseUntil"')}))`;

/** The one that is due the longest; by the database's clock. Null when there is none. */
export async function claimDueRotation(): Promise<RotationClaim | null> {
  const { rows } = await pool().query<RotationClaim>(claimWhere(IS_DUE));
  return rows[0] ?? null;
}

/** This one now, due or not; null while another turn is in progress, or without automatic rotation. */
export async function claimRotation(cloudProviderId: string): Promise<RotationClaim | null> {
  const { rows } = await pool().query<RotationClaim>(claimWhere("p.id = $1"), [cloudProviderId]);
  return rows[0] ?? null;
}

export type PendingSecret = NonNullable<ReturnType<typeof openPending>>;

/** @throws SealError for another key, or another destination */
export function openPending(claim: RotationClaim, destination: Destination) {
  const { cloudProviderId, secretSealed, keyId, expiresAt, madeAt, credentialVersion } = claim;
  if (!secretSealed || !keyId || !expiresAt || !madeAt || !credentialVersion) return null;
  const place = secretPlace(cloudProviderId, destination);
  const clientSecret = unseal(env().keyring, place, secretSealed);
  return { clientSecret, keyId, expiresAt, madeAt, replaces: credentialVersion };
}

/** If nothing more is recorded, the secret is found by this name. @returns false for a lost turn */
export async function beginMaking(
  claim: RotationClaim,
  { displayName, replaces }: { displayName: string; replaces: number },
): Promise<boolean> {
  const { cloudProviderId, fence } = claim;
  return db().$transaction(async (tx) => {
    // A process that dies from here on leaves it due.
    await lookAgainIn(tx, cloudProviderId, 0);
    const { count } = await tx.secretRotation.updateMany({
      where: { cloudProviderId, fence },
      data: { displayName, credentialVersion: replaces },
    });
    return count === 1;
  });
}

export async function savePending(
  { cloudProviderId, fence }: RotationClaim,
  { secretText, keyId, expiresAt, destination }: MadeSecret & { destination: Destination },
): Promise<boolean> {
  const secretSealed = seal(env().keyring, secretPlace(cloudProviderId, destination), secretText);
  const { count } = await db().secretRotation.updateMany({
    where: { cloudProviderId, fence },
    data: { secretSealed, keyId, expiresAt, madeAt: await databaseNow() },
  });
  return count === 1;
}

const NOTHING_PENDING = { secretSealed: null, keyId: null, expiresAt: null, madeAt: null };

export async function forgetPending({ cloudProviderId, fence }: RotationClaim): Promise<void> {
  const where = { cloudProviderId, fence };
  await db().secretRotation.updateMany({ where, data: NOTHING_PENDING });
}

/** With the secret it waited for. @returns false if overtaken */
export async function closeRotation(
  tx: Transaction,
  { cloudProviderId, fence }: { cloudProviderId: string; fence: number },
): Promise<boolean> {
  const inUse = await tx.clientCredential.findFirstOrThrow({
    where: { cloudProviderId, supersededAt: null },
    select: { version: true },
  });
  const { count } = await tx.secretRotation.updateMany({
    where: { cloudProviderId, fence, credentialVersion: inUse.version },
    data: NOTHING_PENDING,
  });
  return count === 1;
}

/** Gives the turn back after everything went well; the next one is so long after. */
export async function endTurn(claim: RotationClaim, waitMs: number): Promise<void> {
  const { cloudProviderId, fence } = claim;
  await db().$transaction(async (tx) => {
    const { count } = await tx.secretRotation.updateMany({
      where: { cloudProviderId, fence },
      data: { leaseUntil: null, failures: 0 },
    });
    if (count !== 1) return;
    await lookAgainIn(tx, cloudProviderId, waitMs);
    const { count: mended } = await tx.cloudProvider.updateMany({
      where: { id: cloudProviderId, rotationFailureId: { not: null } },
      data: { rotationFailureId: null, rotationFailedAt: null },
    });
    if (mended > 0) await publish(tx, { type: "cloud_provider", id: cloudProviderId });
  });
}

/** Gives the turn back after a failure, which the provider shows from now on. */
export async function recordRotationFailure(
  { cloudProviderId, fence }: RotationClaim,
  { failureId, waitMs }: { failureId: string; waitMs: number },
): Promise<void> {
  await db().$transaction(async (tx) => {
    const { count } = await tx.secretRotation.updateMany({
      where: { cloudProviderId, fence },
      data: { leaseUntil: null, failures: { increment: 1 } },
    });
    if (count !== 1) return;
    await tx.cloudProvider.updateMany({
      where: { id: cloudProviderId, autoRotate: true },
      data: {
        rotationFailureId: failureId,
        rotationFailedAt: await databaseNow(0, tx),
        rotateDueAt: await databaseNow(waitMs, tx),
      },
    });
    await publish(tx, { type: "cloud_provider", id: cloudProviderId });
  });
}

async function lookAgainIn(tx: Transaction, id: string, waitMs: number): Promise<void> {
  const rotateDueAt = await databaseNow(waitMs, tx);
  await tx.cloudProvider.updateMany({ where: { id, autoRotate: true }, data: { rotateDueAt } });
}

export async function findKnownKeys(cloudProviderId: string) {
  const rows = await db().clientCredential.findMany({
    where: { cloudProviderId, keyId: { not: null } },
    select: { keyId: true, supersededAt: true, keptUntil: true, removedAt: true },
  });
  const now = await databaseNow();
  const known = rows.flatMap(({ keyId, ...row }) => (keyId === null ? [] : [{ ...row, keyId }]));
  // A secret that was put in use again is in the history twice.
  const needed = new Set(
    known
      .filter(({ supersededAt, keptUntil }) => !supersededAt || (keptUntil && keptUntil > now))
      .map(({ keyId }) => keyId),
  );
  const over = known.filter(({ keyId, removedAt }) => !removedAt && !needed.has(keyId));
  return {
    // Of every secret that Postkey made and stored, in use or not.
    all: new Set(known.map(({ keyId }) => keyId)),
    // Of those without a way back, which are not known to be removed.
    over: [...new Set(over.map(({ keyId }) => keyId))],
  };
}

export function findInUse(cloudProviderId: string): Promise<{ expiresAt: Date | null }> {
  return db().clientCredential.findFirstOrThrow({
    where: { cloudProviderId, supersededAt: null },
    select: { expiresAt: true },
  });
}

export async function markRemoved(
  tx: Transaction,
  { cloudProviderId, keyId }: { cloudProviderId: string; keyId: string },
): Promise<void> {
  await tx.clientCredential.updateMany({
    where: { cloudProviderId, keyId, removedAt: null },
    data: { removedAt: await databaseNow(0, tx) },
  });
}

function secretPlace(id: string, provider: Destination): SealPlace {
  const destination = credentialDestination(provider, "client_secret");
  return { table: "SecretRotation", id, column: "secretSealed", destination };
}

/** Another registration has permissions of its own: whether it may renew itself is not known yet. */
export const NO_ROTATION = {
  autoRotate: false,
  rotateDueAt: null,
  rotationFailureId: null,
  rotationFailedAt: null,
};
