import { isGatewayMissing as missesGateway } from "@/lib/devices/gateways/queries";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db, prepared } from "@/lib/kernel/db";
import { IS_ALIVE } from "@/lib/kernel/heartbeat";
import { Prisma } from "@/prisma/generated/client";
import { INCIDENT_COLUMNS, IS_TOLD, WORST_FIRST } from "../incidents/announcements/store";
import { explainAll } from "../incidents/messages";
import type { IncidentRow } from "../incidents/schema";

type Found = {
  isKept: boolean;
  /** Devices need one, and none runs. */
  isGatewayMissing: boolean;
  /** A page continues from it; null without events. */
  lastEventId: string | null;
  openIncidents: number;
  failingChannels: { id: string; name: string }[];
} & (IncidentRow | { id: null });

/** Recovering incidents are not shown in red. */
const STOPPING = Prisma.sql`"resolvedAt" IS NULL AND "quietSince" IS NULL AND "announcedAt" IS NOT NULL`;

// One statement, always the same: every page waits for it.
// Ends: The worst; how many more there are stands beside it.
const find = () => Prisma.sql`SELECT s.*, w.* FROM (SELECT
    EXISTS (SELECT FROM "KeeperHeartbeat" WHERE ${Prisma.raw(IS_ALIVE)}) AS "isKept",
    ${Prisma.raw(missesGateway())} AS "isGatewayMissing",
    (SELECT max(id)::text FROM "Event") AS "lastEventId",
    (SELECT count(*)::int FROM "Incident" WHERE "resolvedAt" IS NULL AND "quietSince" IS NULL AND ${IS_TOLD}) AS "openIncidents",
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name) ORDER BY "failingSince"), '[]')
      FROM "AlertChannel" WHERE enabled AND "failingSince" IS NOT NULL) AS "failingChannels") AS s
  LEFT JOIN LATERAL (SELECT ${INCIDENT_COLUMNS} FROM "Incident"
    WHERE ${STOPPING}
    ORDER BY ${WORST_FIRST} LIMIT 1) AS w ON TRUE`;

export async function readWarnings(actor: Actor) {
  requirePermission(actor, "incidents:read");
  requirePermission(actor, "alerts:read");
  const [found] = await prepared<Found>(find());
  if (!found) throw new Error("A statement without a condition found nothing.");
  const { isKept, isGatewayMissing, lastEventId, openIncidents, ...rest } = found;
  const { failingChannels, ...incident } = rest;
  const state = { isKept, isGatewayMissing, lastEventId, openIncidents, failingChannels };
  // Announced and with the widest damage.
  const [worst = null] = incident.id === null ? [] : await explainAll(db(), [incident]);
  return { ...state, worst, moreIncidents: Math.max(0, openIncidents - 1) };
}

export type Warnings = Awaited<ReturnType<typeof readWarnings>>;
