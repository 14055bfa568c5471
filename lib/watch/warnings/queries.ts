import "server-only";
import { isGatewayMissing } from "@/lib/access/devices/gateways/queries";
import { NOT_SIGNED_IN, STATE_CAP } from "@/lib/email-accounts/filters/schema";
import { IS_ALIVE } from "@/lib/installation/keepers/queries";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db, prepared } from "@/lib/kernel/db";
import { Prisma } from "@/prisma/generated/client";
import { INCIDENT_COLUMNS } from "../incidents/announcements/store";
import { explainAll } from "../incidents/explain";
import type { ExplainedIncident, IncidentRow } from "../incidents/schema";

type FailingChannel = { id: string; name: string };

/** What every page shows beside itself. */
export type Warnings = {
  /** Whether any keeper gave a sign of life lately. */
  isKept: boolean;
  /** Whether devices need a gateway, and none runs. */
  isGatewayMissing: boolean;
  /** The last event that there is: a page that was made now goes on from it. Null without any. */
  lastEventId: string | null;
  /** How many incidents need a person now. */
  openIncidents: number;
  /** Of the open incidents that were announced the one with the widest damage, and how many more are open. */
  worst: ExplainedIncident | null;
  moreIncidents: number;
  /** The channels through which nothing arrives. */
  failingChannels: FailingChannel[];
};

type Found = Omit<Warnings, "worst" | "moreIncidents"> & { isAnyUnsigned: boolean } & (
    | IncidentRow
    | { id: null }
  );

/** What was repaired is not told in red until it is over: the list of incidents says that it is recovering. */
const STOPPING = Prisma.sql`"resolvedAt" IS NULL AND "quietSince" IS NULL AND "announcedAt" IS NOT NULL`;

/** No one signed in since the account was created or moved. */
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

/** What is wrong with the whole, for the banners and the navigation of every page. */
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
/** Of so many incidents, those of most accounts, one is chosen: each page asks. */
const CANDIDATES = Prisma.raw("20");

/**
 * The incident with the widest damage. Where no one has signed in, others of the provider wait for the same beside
 * the accounts that were tested on their schedule, and are counted before one incident is chosen.
 */
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
