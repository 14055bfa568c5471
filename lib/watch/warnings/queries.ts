import "server-only";
import { isGatewayMissing } from "@/lib/devices/gateways/queries";
import { NOT_SIGNED_IN, STATE_CAP } from "@/lib/email-accounts/filters/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db, prepared } from "@/lib/kernel/db";
import { IS_ALIVE } from "@/lib/kernel/heartbeat";
import { Prisma } from "@/prisma/generated/client";
import { INCIDENT_COLUMNS } from "../incidents/announcements/store";
import { explainAll } from "../incidents/messages";
import type { ExplainedIncident, IncidentRow } from "../incidents/schema";

type FailingChannel = { id: string; name: string };

export type Warnings = {
  isKept: boolean;
  /** Devices need one, and none runs. */
  isGatewayMissing: boolean;
  /** A page continues from it; null without events. */
  lastEventId: string | null;
  openIncidents: number;
  /** Announced and with the widest damage. */
  worst: ExplainedIncident | null;
  moreIncidents: number;
  failingChannels: FailingChannel[];
};

type Found = Omit<Warnings, "worst" | "moreIncidents"> & { isAnyUnsigned: boolean } & (
    | IncidentRow
    | { id: null }
  );

/** Recovering incidents are not shown in red. */
const STOPPING = Prisma.sql`"resolvedAt" IS NULL AND "quietSince" IS NULL AND "announcedAt" IS NOT NULL`;

const IS_UNSIGNED = Prisma.sql`"remedyId" = ${Prisma.raw(`'${NOT_SIGNED_IN}'`)}`;

// One statement, always the same: every page waits for it.
// Ends: The worst; how many more there are stands beside it.
const find = () => Prisma.sql`SELECT s.*, w.* FROM (SELECT
    EXISTS (SELECT FROM "KeeperHeartbeat" WHERE ${Prisma.raw(IS_ALIVE)}) AS "isKept",
    ${Prisma.raw(isGatewayMissing())} AS "isGatewayMissing",
    (SELECT max(id)::text FROM "Event") AS "lastEventId",
    (SELECT count(*)::int FROM "Incident" WHERE "resolvedAt" IS NULL AND "quietSince" IS NULL) AS "openIncidents",
    EXISTS (SELECT FROM "Incident" WHERE ${STOPPING} AND ${IS_UNSIGNED}) AS "isAnyUnsigned",
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name) ORDER BY "failingSince"), '[]')
      FROM "AlertChannel" WHERE enabled AND "failingSince" IS NOT NULL) AS "failingChannels") AS s
  LEFT JOIN LATERAL (SELECT ${INCIDENT_COLUMNS} FROM "Incident"
    WHERE ${STOPPING}
    ORDER BY accounts DESC, "openedAt", id LIMIT 1) AS w ON TRUE`;

export async function readWarnings(actor: Actor): Promise<Warnings> {
  requirePermission(actor, "incidents:read");
  requirePermission(actor, "alerts:read");
  const [found] = await prepared<Found>(find());
  if (!found) throw new Error("A statement without a condition found nothing.");
  const { isKept, isGatewayMissing: isMissing, lastEventId, openIncidents, ...rest } = found;
  const { failingChannels, isAnyUnsigned, ...incident } = rest;
  const widest = isAnyUnsigned ? await findWidest() : undefined;
  const told = widest ?? (incident.id === null ? undefined : incident);
  const [worst = null] = told ? await explainAll(db(), [told]) : [];
  const moreIncidents = Math.max(0, openIncidents - 1);
  return {
    isKept,
    isGatewayMissing: isMissing,
    lastEventId,
    openIncidents,
    worst,
    moreIncidents,
    failingChannels,
  };
}

const COUNTED = Prisma.raw(`${STATE_CAP}`);
/** The incidents with the most accounts; each page asks. */
const CANDIDATES = Prisma.raw("20");

/** Untested sign-ins of the provider count too before one is chosen. */
async function findWidest(): Promise<IncidentRow | undefined> {
  // Ends: The widest so far, of which one is chosen.
  // Ends: The worst; how many more there are stands beside it.
  // Ends: Which incident is the widest is known by then.
  const [found] = await prepared<IncidentRow & { waiting: number; isUnsigned: boolean }>(Prisma.sql`
    SELECT i.*, coalesce(waiting, 0) AS waiting FROM (SELECT ${INCIDENT_COLUMNS}, ${IS_UNSIGNED} AS "isUnsigned"
      FROM "Incident" WHERE ${STOPPING} ORDER BY accounts DESC, "openedAt", id LIMIT ${CANDIDATES}) i
    LEFT JOIN LATERAL (SELECT count(*)::int AS waiting FROM (SELECT FROM "EmailAccount" e
      WHERE e.state = 'not_signed_in' AND e."cloudProviderId" = i."cloudProviderId" LIMIT ${COUNTED}) u) w ON "isUnsigned"
    ORDER BY greatest(accounts, waiting) DESC, "openedAt", id LIMIT 1`);
  if (!found) return undefined;
  const { waiting, isUnsigned: _, ...incident } = found;
  if (waiting <= incident.accounts) return incident;
  return { ...incident, accounts: waiting, onlyAccountId: null };
}
