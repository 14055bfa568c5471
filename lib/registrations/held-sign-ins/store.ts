import "server-only";
import { LEASES } from "@/lib/kernel/leases";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";

const isFree = Prisma.raw(LEASES.renewal.isFree(`t."leaseUntil"`));

/**
 * The registration does not work, so none of its sign-ins is renewed until it does. Their tokens stay and are
 * handed out while they last. Rows that are being renewed find out for themselves.
 */
export async function pauseProvider(
  tx: Transaction,
  cloudProviderId: string,
  failureId: string,
): Promise<void> {
  await tx.$executeRaw`UPDATE "TokenSet" t SET state = 'fix_registration', "failureId" = ${failureId},
      "failedAt" = now(), "failingSince" = coalesce(t."failingSince", now())
    FROM "Authorization" a WHERE a.id = t."authorizationId" AND a."cloudProviderId" = ${cloudProviderId}::uuid
      AND t.state IN ('connected', 'retrying') AND ${isFree}`;
}

/**
 * The registration works again: who was only paused goes on as if nothing had been, and who failed is
 * tried at once.
 */
export async function retryAfterRegistrationFixed(
  tx: Transaction,
  cloudProviderId: string,
): Promise<void> {
  await tx.$executeRaw`UPDATE "TokenSet" t SET
      state = CASE failures WHEN 0 THEN 'connected' ELSE 'retrying' END,
      "failureId" = CASE failures WHEN 0 THEN NULL ELSE t."failureId" END,
      "failedAt" = CASE failures WHEN 0 THEN NULL ELSE t."failedAt" END,
      "failingSince" = CASE failures WHEN 0 THEN NULL ELSE t."failingSince" END,
      "refreshDueAt" = CASE failures WHEN 0 THEN t."refreshDueAt" ELSE now() END
    FROM "Authorization" a WHERE a.id = t."authorizationId" AND a."cloudProviderId" = ${cloudProviderId}::uuid
      AND t.state = 'fix_registration'`;
}
