import "server-only";
import { randomUUID } from "node:crypto";
import { DAY_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import type { Cause } from "./stopped/store";

/** Any number: who holds it evaluates, the others pass over. */
const LOCK = 4_712_001;

/** @returns whether this transaction is the only one that evaluates, until it ends */
export async function takeTurn(tx: Transaction): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ isMine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(${LOCK}) AS "isMine"`;
  return row?.isMine ?? false;
}

/** What an incident is known by while it is open. */
export async function findCause(tx: Transaction, incidentId: string): Promise<string | null> {
  const where = { id: incidentId };
  return (await tx.incident.findUnique({ where, select: { cause: true } }))?.cause ?? null;
}

/** What the command of a remedy needs to know of a provider. */
export async function findRegistration(tx: Transaction, cloudProviderId: string) {
  return tx.cloudProvider.findUnique({
    where: { id: cloudProviderId },
    select: { cloud: true, clientId: true, tenantId: true, redirectUri: true },
  });
}

/**
 * Opens new incidents, updates known ones, and notes since when the rest have had no failure.
 * @returns whether anything is other than before
 */
export async function saveCauses(tx: Transaction, causes: Cause[], now: Date): Promise<boolean> {
  const rows = JSON.stringify(causes.map((cause) => ({ id: randomUUID(), ...cause })));
  const changed = await tx.$executeRaw`
    INSERT INTO "Incident" AS i (id, cause, kind, "remedyId", "cloudProviderId", subject, accounts,
      "peakAccounts", "accountNames", "openedAt")
    SELECT id, cause, kind, "remedyId", "cloudProviderId", subject, accounts, accounts,
      "accountNames", ${now}
    FROM jsonb_to_recordset(${rows}::jsonb) AS found(id uuid, cause text, kind text,
      "remedyId" text, "cloudProviderId" uuid, subject text, accounts int, "accountNames" text[])
    ON CONFLICT (cause) WHERE "resolvedAt" IS NULL DO UPDATE SET
      "remedyId" = excluded."remedyId", subject = excluded.subject, accounts = excluded.accounts,
      "peakAccounts" = greatest(i."peakAccounts", excluded.accounts),
      "accountNames" = excluded."accountNames", "quietSince" = NULL
    WHERE (i."remedyId", i.subject, i.accounts, i."accountNames", i."quietSince")
      IS DISTINCT FROM (excluded."remedyId", excluded.subject, excluded.accounts,
        excluded."accountNames", NULL::timestamptz)`;
  const quiet = await tx.$executeRaw`
    UPDATE "Incident" SET "quietSince" = ${now}, accounts = 0
    WHERE "resolvedAt" IS NULL AND "quietSince" IS NULL
      AND cause <> ALL(${causes.map(({ cause }) => cause)})`;
  return changed + quiet > 0;
}

/** Times written by a clock that ran ahead become now: open incidents continue from here. */
export async function setIncidentsRight(): Promise<void> {
  await db().$executeRaw`UPDATE "Incident" SET "openedAt" = least("openedAt", now()),
      "announcedAt" = least("announcedAt", now()), "quietSince" = least("quietSince", now())
    WHERE "resolvedAt" IS NULL AND (postkey_is_ahead("openedAt") OR postkey_is_ahead("announcedAt")
      OR postkey_is_ahead("quietSince"))`;
}

const KEPT_DAYS = 400;

/** Incidents that are long over, and changes of state as old. */
export async function deleteOldIncidents(): Promise<void> {
  const before = await databaseNow(-KEPT_DAYS * DAY_MS);
  await db().incident.deleteMany({ where: { resolvedAt: { lt: before } } });
  await db().stateChange.deleteMany({ where: { at: { lt: before } } });
}
