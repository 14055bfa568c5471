import "server-only";
import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { prepared } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { ServiceId } from "@/lib/oauth/schema";
import { Prisma } from "@/prisma/generated/client";
import type { Expiry } from "./schema";
import { openCalendarToken } from "./store";

/** A refresh token that was not used for so long is over, where platforms say when. */
const DISUSE_DAYS = 90;
const NAMED = 5;

/**
 * What ends until then: the secrets in use, and the sign-ins that can no longer be renewed, those of
 * a provider and a day together.
 *
 * @param isNamed whether the first accounts that stop are named; sorting them is most of the work
 */
export async function listExpiries(
  actor: Actor,
  days: number,
  { isNamed = true } = {},
): Promise<Expiry[]> {
  requirePermission(actor, "providers:read");
  requirePermission(actor, "accounts:read");
  const [secrets, signIns] = await Promise.all([
    findSecrets(days, isNamed),
    findSignIns(days, isNamed),
  ]);
  return [...secrets.map(toExpiry), ...signIns].sort((a, b) => a.at.getTime() - b.at.getTime());
}

type FoundSecret = Omit<Expiry, "kind"> & { service: ServiceId; credential: string };

function findSecrets(days: number, isNamed: boolean): Promise<FoundSecret[]> {
  return prepared<FoundSecret>(Prisma.sql`
    SELECT 'secret-' || c.id AS id, c."expiresAt" AS at, p.service, c.kind AS credential,
      p.id AS "cloudProviderId", p.name AS provider, c.hint AS detail,
      coalesce(e.accounts, 0) AS accounts, coalesce(e."accountNames", '{}') AS "accountNames"
    FROM "ClientCredential" c
    JOIN "CloudProvider" p ON p.id = c."cloudProviderId"
    LEFT JOIN (
      -- Counted in an index alone, without a look at the accounts.
      SELECT "cloudProviderId", count(*)::int AS accounts, ${names(isNamed)} AS "accountNames"
      FROM "EmailAccount" e WHERE active GROUP BY 1
    ) e ON e."cloudProviderId" = p.id
    WHERE c."supersededAt" IS NULL AND c."expiresAt" > now() AND c."expiresAt" <= ${inDays(days)}`);
}

/** Nothing stops on the day of a credential that does not end by itself. */
function toExpiry({ service, credential, ...found }: FoundSecret): Expiry {
  const { endlessSecrets: endless } = PLATFORMS[service];
  if (!endless) return { ...found, kind: credential === "certificate" ? "certificate" : "secret" };
  const { step, effect } = endless;
  const nobody = { accounts: 0, accountNames: [] };
  return { ...found, ...nobody, kind: "replacement", replacement: { step, effect } };
}

function findSignIns(days: number, isNamed: boolean): Promise<Expiry[]> {
  return prepared<Expiry>(Prisma.sql`
    SELECT 'sign-in-' || p.id || '-' || to_char(s.day, 'YYYYMMDD') AS id, 'sign_in' AS kind,
      s.day AS at, p.id AS "cloudProviderId", p.name AS provider,
      count(DISTINCT s.id)::text AS detail, count(e.active)::int AS accounts, ${names(isNamed)} AS "accountNames"
    FROM (
      SELECT a.id, a.username, a."cloudProviderId",
        date_trunc('day', t."refreshedAt" + make_interval(days => ${DISUSE_DAYS}), 'UTC') AS day
      FROM "TokenSet" t JOIN "Authorization" a ON a.id = t."authorizationId"
      WHERE t.state <> 'connected' AND a.grant NOT IN ('app_only', 'domain_wide')
        AND t."refreshedAt" > now() - make_interval(days => ${DISUSE_DAYS})
    ) s
    JOIN "CloudProvider" p ON p.id = s."cloudProviderId"
    LEFT JOIN "EmailAccount" e
      ON e."cloudProviderId" = s."cloudProviderId" AND e."usernameKey" = s.username AND e.active
    WHERE s.day <= ${inDays(days)}
    GROUP BY p.id, s.day`);
}

const inDays = (days: number) => Prisma.sql`now() + make_interval(days => ${days}::int)`;

/** The first of some accounts `e` by name, where they are asked for. */
function names(isNamed: boolean): Prisma.Sql {
  return isNamed
    ? Prisma.sql`coalesce((array_agg(e.name ORDER BY e."nameKey") FILTER (WHERE e.id IS NOT NULL))[1:${NAMED}], '{}')`
    : Prisma.sql`'{}'::text[]`;
}

/** Where programs fetch the calendar; null as long as no address was created. */
export async function findCalendarAddress(actor: Actor): Promise<string | null> {
  requirePermission(actor, "alerts:write");
  requireRecentProof(actor);
  const token = await openCalendarToken();
  return token && calendarAddress(token);
}

export function calendarAddress(token: string): string {
  return new URL(`/api/calendar/${token}.ics`, env().url).href;
}
