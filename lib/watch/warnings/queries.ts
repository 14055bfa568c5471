import "server-only";
import { isGatewayMissing } from "@/lib/access/devices/gateways/queries";
import { countUnsigned } from "@/lib/email-accounts/filters/queries";
import { NOT_SIGNED_IN } from "@/lib/email-accounts/filters/schema";
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
  /** Of the open incidents that were announced the one with the widest damage, and how many more there are. */
  worst: ExplainedIncident | null;
  moreIncidents: number;
  /** The channels through which nothing arrives. */
  failingChannels: FailingChannel[];
};

type Found = Omit<Warnings, "worst" | "moreIncidents"> & { announced: number } & (
    | IncidentRow
    | { id: null }
  );

/** What was repaired is not told in red until it is over: the list of incidents says that it is recovering. */
const STOPPING = Prisma.sql`"resolvedAt" IS NULL AND "quietSince" IS NULL AND "announcedAt" IS NOT NULL`;

// One statement, always the same: every page waits for it.
const find = () => Prisma.sql`SELECT s.*, w.* FROM (SELECT
    EXISTS (SELECT FROM "KeeperHeartbeat" WHERE ${Prisma.raw(IS_ALIVE)}) AS "isKept",
    ${Prisma.raw(isGatewayMissing())} AS "isGatewayMissing",
    (SELECT max(id)::text FROM "Event") AS "lastEventId",
    (SELECT count(*)::int FROM "Incident" WHERE "resolvedAt" IS NULL AND "quietSince" IS NULL) AS "openIncidents",
    (SELECT count(*)::int FROM "Incident" WHERE ${STOPPING}) AS announced,
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
  const {
    isKept,
    isGatewayMissing: isMissing,
    lastEventId,
    openIncidents,
    announced,
    ...rest
  } = found;
  const { failingChannels, ...incident } = rest;
  const [worst = null] =
    incident.id === null ? [] : await explainAll(db(), [await withAllWaiting(actor, incident)]);
  const moreIncidents = Math.max(0, announced - 1);
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

/** Beside the accounts that were tested on their schedule others of the provider wait for the same. */
async function withAllWaiting(actor: Actor, incident: IncidentRow): Promise<IncidentRow> {
  const { remedyId, cloudProviderId } = incident;
  if (remedyId !== NOT_SIGNED_IN || cloudProviderId === null) return incident;
  const accounts = await countUnsigned(actor, { cloudProviderId });
  return accounts <= incident.accounts ? incident : { ...incident, accounts, onlyAccountId: null };
}
