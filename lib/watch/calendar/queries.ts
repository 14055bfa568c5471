import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { DAY_MS, wallTime } from "@/lib/kernel/clock";
import { prepared } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { ServiceId } from "@/lib/oauth/schema";
import { credentialKind, ENDING_SIGN_INS } from "@/lib/registrations/filters/queries";
import { Prisma } from "@/prisma/generated/client";
import { listPasswordEnds } from "./passwords";
import type { Expiry, ExpiryLine } from "./schema";
import { isCalendarOpen, openCalendarToken } from "./store";

const NAMED = 5;

type Found = Omit<Expiry, "replacement" | "announced"> & { service: ServiceId };

/** Sign-ins that can no longer be renewed are grouped by provider and day. */
export async function listExpiries(actor: Actor, days: number): Promise<Expiry[]> {
  requirePermission(actor, "providers:read");
  requirePermission(actor, "accounts:read");
  const found = await prepared<Found>(Prisma.sql`
    SELECT c.*, coalesce(e.accounts, 0) AS accounts, coalesce(e.names, '{}') AS "accountNames"
    FROM (${credentialsEnding(days)}) c LEFT JOIN (
      SELECT "cloudProviderId", count(*)::int AS accounts, ${NAMES} AS names
      FROM "EmailAccount" e WHERE active GROUP BY 1
    ) e USING ("cloudProviderId")
    UNION ALL ${signInsEnding(days, NAMES)}
    ORDER BY at, id`);
  const passwords = await listPasswordEnds(actor, { from: wallTime(), days });
  return [...found.map(toExpiry), ...passwords].sort((a, b) => a.at.getTime() - b.at.getTime());
}

const NEAREST_LINES = Prisma.raw("6");
const FIRST = Prisma.raw("5");

type FoundInLine = Found & Pick<ExpiryLine, "count" | "signIns" | "isLater"> & { nth: number };

/** Without account names; the nearest by day, later ones by week. */
export async function listExpiryLines(actor: Actor, days: number): Promise<ExpiryLine[]> {
  requirePermission(actor, "providers:read");
  requirePermission(actor, "accounts:read");
  const found = await prepared<FoundInLine>(Prisma.sql`
    WITH ending AS (
      SELECT *, NULL::int AS accounts, '{}'::text[] AS "accountNames" FROM (${credentialsEnding(days)}) c
      UNION ALL ${signInsEnding(days, NOBODY)}
    ), dated AS (
      SELECT *, date_trunc('day', at, 'UTC') AS day FROM ending
    ), line AS (
      SELECT day, kind, row_number() OVER (ORDER BY day, kind) > ${NEAREST_LINES} AS "isLater"
      FROM dated GROUP BY day, kind
    ), placed AS (
      SELECT dated.*, "isLater", CASE WHEN "isLater" THEN date_trunc('week', day, 'UTC') ELSE day END AS period
      FROM dated JOIN line USING (day, kind)
    ), numbered AS (
      SELECT *, (row_number() OVER (same ORDER BY at, id))::int AS nth, (count(*) OVER same)::int AS count,
        (sum(CASE kind WHEN 'sign_in' THEN detail::int ELSE 0 END) OVER same)::int AS "signIns"
      FROM placed WINDOW same AS (PARTITION BY "isLater", period, kind)
    )
    SELECT id, kind, service, at, "cloudProviderId", provider, detail, "accountNames", nth, count, "signIns", "isLater",
      coalesce(accounts, CASE WHEN "isLater" THEN 0 ELSE (SELECT count(*)::int FROM "EmailAccount" e
        WHERE e."cloudProviderId" = numbered."cloudProviderId" AND e.active) END) AS accounts
    FROM numbered WHERE nth <= ${FIRST} ORDER BY "isLater", period, kind, nth`);
  const passwords = await listPasswordEnds(actor, { from: wallTime(), days });
  return [...passwords.map(asLine), ...linesOf(found)].sort(
    (a, b) => Number(a.isLater) - Number(b.isLater) || dayNumber(a.at) - dayNumber(b.at),
  );
}

const dayNumber = (at: Date) => Math.floor(at.getTime() / DAY_MS);

function asLine(expiry: Expiry): ExpiryLine {
  const { at, kind } = expiry;
  return { at, kind, count: 1, signIns: 0, isLater: false, expiries: [expiry] };
}

function linesOf(rows: readonly FoundInLine[]): ExpiryLine[] {
  const lines: ExpiryLine[] = [];
  for (const { nth, count, signIns, isLater, ...found } of rows) {
    const expiry = toExpiry(found);
    const { at, kind } = expiry;
    if (nth === 1) lines.push({ at, kind, count, signIns, isLater, expiries: [expiry] });
    else lines.at(-1)?.expiries.push(expiry);
  }
  return lines;
}

/** Nothing stops on the day of a credential without an end. */
function toExpiry({ service, ...found }: Found): Expiry {
  const { endlessSecrets: endless } = PLATFORMS[service];
  if (found.kind !== "replacement" || !endless) return found;
  const { step, effect } = endless;
  return { ...found, accounts: 0, accountNames: [], replacement: { step, effect } };
}

function credentialsEnding(days: number): Prisma.Sql {
  return Prisma.sql`SELECT 'secret-' || c.id AS id, ${credentialKind(Prisma.sql`p.service`)} AS kind,
      p.service, c."expiresAt" AS at, p.id AS "cloudProviderId", p.name AS provider, c.hint AS detail
    FROM "ClientCredential" c JOIN "CloudProvider" p ON p.id = c."cloudProviderId"
    WHERE c."supersededAt" IS NULL AND c."expiresAt" > now() AND c."expiresAt" <= ${inDays(days)}`;
}

function signInsEnding(days: number, names: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT 'sign-in-' || p.id || '-' || to_char(s.day, 'YYYYMMDD'), 'sign_in', p.service,
      s.day, p.id, p.name, count(DISTINCT s.id)::text, count(e.active)::int, ${names}
    FROM (${ENDING_SIGN_INS}) s
    JOIN "CloudProvider" p ON p.id = s."cloudProviderId"
    LEFT JOIN "EmailAccount" e
      ON e."cloudProviderId" = s."cloudProviderId" AND e."usernameKey" = s.username AND e.active
    WHERE s.day <= ${inDays(days)}
    GROUP BY p.id, s.day`;
}

const inDays = (days: number) => Prisma.raw(`now() + interval '${days} days'`);

const NAMES = Prisma.raw(
  `coalesce((array_agg(e.name ORDER BY e."nameKey") FILTER (WHERE e.id IS NOT NULL))[1:${NAMED}], '{}')`,
);
const NOBODY = Prisma.raw("'{}'::text[]");

export async function hasCalendarAddress(actor: Actor): Promise<boolean> {
  requirePermission(actor, "alerts:write");
  return isCalendarOpen();
}

export async function findCalendarAddress(actor: Actor): Promise<string | null> {
  requirePermission(actor, "alerts:write");
  requireRecentProof(actor);
  const token = await openCalendarToken();
  return token && calendarAddress(token);
}

export function calendarAddress(token: string): string {
  return new URL(`/api/calendar/${token}.ics`, env().url).href;
}
