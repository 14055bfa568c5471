import "server-only";
import { wallTime } from "@/lib/kernel/clock";
import { LEASES } from "@/lib/kernel/leases";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";

const isFree = Prisma.raw(LEASES.renewal.isFree(`t."leaseUntil"`));

type Refused = { cloudProviderId: string; credentialVersion: number; failureId: string };

/** @returns false if that credential is no longer in use */
export async function markRefused(tx: Transaction, refused: Refused): Promise<boolean> {
  const { cloudProviderId, credentialVersion: version, failureId } = refused;
  const { count } = await tx.cloudProvider.updateMany({
    where: { id: cloudProviderId, credentials: { some: { version, supersededAt: null } } },
    data: { failureId, failedAt: wallTime() },
  });
  if (count === 0) return false;
  await tx.clientCredential.updateMany({
    where: { cloudProviderId, version, refusedAt: null },
    data: { refusedAt: wallTime(), refusedAs: failureId },
  });
  return true;
}

/** Tokens are handed out while they last; rows being renewed find out for themselves. */
export async function pauseProvider(tx: Transaction, cloudProviderId: string, failureId: string) {
  await tx.$executeRaw`UPDATE "TokenSet" t SET state = 'fix_registration', "failureId" = ${failureId},
      "failedAt" = now(), "failingSince" = coalesce(t."failingSince", now())
    FROM "Authorization" a WHERE a.id = t."authorizationId" AND a."cloudProviderId" = ${cloudProviderId}::uuid
      AND t.state IN ('connected', 'retrying') AND ${isFree}`;
}

/** Sign-ins that were only paused continue; those that failed are tried at once. */
export async function retryAfterRegistrationFixed(tx: Transaction, cloudProviderId: string) {
  await tx.$executeRaw`UPDATE "TokenSet" t SET
      state = CASE failures WHEN 0 THEN 'connected' ELSE 'retrying' END,
      "failureId" = CASE failures WHEN 0 THEN NULL ELSE t."failureId" END,
      "failedAt" = CASE failures WHEN 0 THEN NULL ELSE t."failedAt" END,
      "failingSince" = CASE failures WHEN 0 THEN NULL ELSE t."failingSince" END,
      "refreshDueAt" = CASE failures WHEN 0 THEN t."refreshDueAt" ELSE now() END
    FROM "Authorization" a WHERE a.id = t."authorizationId" AND a."cloudProviderId" = ${cloudProviderId}::uuid
      AND t.state = 'fix_registration'`;
}
