import "server-only";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { ANNOUNCE_AFTER_MS, type IncidentRow, QUIET_MS } from "../schema";

export const INCIDENT_COLUMNS = Prisma.sql`id, kind, "remedyId", "cloudProviderId", subject, accounts, "peakAccounts",
  "accountNames", "onlyAccountId", "openedAt",
  "firstOpenedAt", "announcedAt", "quietSince", "resolvedAt", "silencedByName", "silencedUntil"`;

/** Someone asked to be told. */
export const IS_TOLD = Prisma.sql`("silencedByName" IS NULL OR "silencedUntil" <= now())`;

const IS_BREACH = Prisma.sql`(kind = 'closed_mailbox')`;

/** As `isBreach` says, then the widest damage. */
export const WORST_FIRST = Prisma.sql`${IS_BREACH} DESC, accounts DESC, "openedAt", id`;

/** Counts from the first failure: what comes and goes would stay silent for ever. What is proved is told at once. */
export function announce(tx: Transaction, now: Date): Promise<IncidentRow[]> {
  return tx.$queryRaw<IncidentRow[]>`
    UPDATE "Incident" SET "announcedAt" = ${now}
    WHERE "resolvedAt" IS NULL AND "announcedAt" IS NULL AND "quietSince" IS NULL AND ${IS_TOLD}
      AND (${IS_BREACH} OR coalesce("firstOpenedAt", "openedAt") <= ${before(now, ANNOUNCE_AFTER_MS)})
    RETURNING ${INCIDENT_COLUMNS}`;
}

/** Arrears end with the last of them. */
export function resolve(tx: Transaction, now: Date): Promise<IncidentRow[]> {
  return tx.$queryRaw<IncidentRow[]>`
    UPDATE "Incident" SET "resolvedAt" = ${now}
    WHERE "resolvedAt" IS NULL
      AND "quietSince" <= CASE kind WHEN 'overdue' THEN ${now}::timestamptz ELSE ${before(now, QUIET_MS)}::timestamptz END
    RETURNING ${INCIDENT_COLUMNS}`;
}

function before(now: Date, durationMs: number): Date {
  return new Date(now.getTime() - durationMs);
}

export function findAnnounced(tx: Transaction): Promise<IncidentRow[]> {
  return tx.$queryRaw<IncidentRow[]>`
    SELECT ${INCIDENT_COLUMNS} FROM "Incident" WHERE "resolvedAt" IS NULL AND "announcedAt" IS NOT NULL
    ORDER BY ${WORST_FIRST}`;
}

export async function lastChangeAt(tx: Transaction): Promise<Date> {
  const [row] = await tx.$queryRaw<{ at: Date | null }[]>`
    SELECT max(greatest("announcedAt", "resolvedAt")) AS at FROM "Incident"
    WHERE "announcedAt" IS NOT NULL`;
  return row?.at ?? new Date(0);
}

export async function readDigestAt(tx: Transaction): Promise<Date | null> {
  const row = await tx.installation.findUnique({ where: { id: 1 }, select: { digestAt: true } });
  return row?.digestAt ?? null;
}

export async function saveDigestAt(tx: Transaction, at: Date): Promise<void> {
  await tx.installation.update({ where: { id: 1 }, data: { digestAt: at }, select: { id: true } });
}
