import "server-only";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import type { Transaction } from "@/lib/kernel/transaction";
import { subjectSql } from "@/lib/registrations/pauses/store";
import { listRemedies } from "@/lib/remedies/catalogue";
import { type AccountNames, signedInName } from "@/lib/sign-ins/identities";
import { Prisma } from "@/prisma/generated/client";
import { NAMED_ACCOUNTS } from "../schema";

/**
 * What a person has to mend is never the platform's fault: a sign-in that is tried again after its
 * registration was mended keeps the failure of before until it was tried.
 */
const MENDED_BY_HAND = listRemedies()
  .filter(({ retry }) => retry === "after_fix" || retry === "reauth")
  .map(({ id }) => id);

/** What the platform says to a secret or a certificate that has expired. */
const SECRET_REFUSED = ["AADSTS7000222", "AADSTS7000215", "AADSTS700027"];
/** Failures of a test that are those of its token: told by the sign-in's own incident. */
const TOKEN_FAILURES = [
  "postkey.identity_platform_unreachable",
  "postkey.identity_platform_throttled",
  "postkey.identity_platform_unavailable",
  "postkey.malformed_token_response",
];

/** A keeper renews what is due within seconds; what lies longer is overdue. */
const OVERDUE_AFTER_MS = MINUTE_MS;
const OVERDUE_SUBJECT = "Renewal of tokens";
/**
 * A platform that does not answer is asked about every half minute at the least (lib/keeper/breaker.ts),
 * and whoever is not asked about meanwhile suffers from the same.
 */
const OUTAGE_MS = 5 * MINUTE_MS;

/** Where an account finds its sign-in, by the aliases of it and its provider below. */
const NAME_AT_OWN = Prisma.raw(signedInName("e", "o"));
const NAME_AT_PROVIDER = Prisma.raw(signedInName("e", "p"));

/**
 * Every cause that fails now with every account that it stops, one row a pair; an account may be
 * null. One cause is never told by two names: a secret that is over and refused is one of the two,
 * whichever was first.
 */
function stopped(now: Date): Prisma.Sql {
  const longDue = Prisma.sql`now() - make_interval(secs => ${OVERDUE_AFTER_MS / SECOND_MS}::float8)`;
  const stillFailing = Prisma.sql`now() - make_interval(secs => ${OUTAGE_MS / SECOND_MS}::float8)`;
  return Prisma.sql`token AS (
      SELECT token_state(t.state, t."accessTokenExpiresAt") AS state, t."failureId", t."failedAt",
        z.subject AS pause, t."accessTokenExpiresAt" < now() AS "isOver",
        t."refreshDueAt" < ${longDue} AS "isLongDue",
        a."cloudProviderId", a.username, p.cloud, p.name AS provider, p."failureId" AS registration
      FROM "TokenSet" t
      JOIN "Authorization" a ON a.id = t."authorizationId"
      JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
      LEFT JOIN "PlatformPause" z ON t.state IN ('connected', 'retrying')
        AND z.subject = ${subjectSql()} AND coalesce(t."failureId", z.reason) = z.reason
      WHERE t.state <> 'connected' OR t."accessTokenExpiresAt" < now()
    ), outage AS (
      SELECT cloud, mode() WITHIN GROUP (ORDER BY "failureId") AS "failureId" FROM token
      WHERE state = 'retrying' AND pause IS NULL AND "failureId" <> ALL(${MENDED_BY_HAND})
        AND "failedAt" > ${stillFailing} GROUP BY cloud
    ), secret AS (
      SELECT c."cloudProviderId", p.name, p."failureId", c.kind,
        EXISTS (SELECT 1 FROM "Incident" i
          WHERE i.cause = 'secret_expired:' || p.id AND i."resolvedAt" IS NULL) AS "isOpen",
        coalesce(p."failureId" = ANY(${SECRET_REFUSED}), FALSE) AS "isRefused"
      FROM "ClientCredential" c JOIN "CloudProvider" p ON p.id = c."cloudProviderId"
      -- Google's secrets do not end: their day is when to replace them.
      WHERE c."supersededAt" IS NULL AND c."expiresAt" <= ${now} AND p.service <> 'google'
    ), provider_cause AS (
      SELECT 'registration:' || p.id AS cause, 'registration' AS kind, p."failureId" AS "remedyId",
        p.id AS "cloudProviderId", p.name AS subject
      FROM "CloudProvider" p
      WHERE p."failureId" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM secret s
        WHERE s."cloudProviderId" = p.id AND s."isOpen" AND s."isRefused")
      UNION ALL
      SELECT 'secret_expired:' || s."cloudProviderId", 'secret_expired',
        CASE s.kind WHEN 'certificate' THEN 'postkey.certificate_expired' ELSE 'AADSTS7000222' END,
        s."cloudProviderId", s.name
      FROM secret s WHERE s."isOpen" OR NOT s."isRefused"
      UNION ALL
      SELECT 'rotation:' || p.id, 'rotation', p."rotationFailureId", p.id, p.name
        || ', whose secret ends on ' || to_char(c."expiresAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD')
      FROM "CloudProvider" p
      JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
      WHERE p."rotationFailureId" IS NOT NULL
    ), told AS (
      SELECT token.*, CASE
          WHEN state = 'fix_registration' THEN 'registration'
          WHEN state = 'locked' THEN 'locked'
          WHEN state <> 'retrying' THEN 'sign_in'
          -- While the last token works, waiting costs nobody anything.
          WHEN pause IS NOT NULL THEN CASE WHEN "isOver" THEN 'pause' END
          WHEN token."failureId" IS NOT NULL OR outage.cloud IS NOT NULL THEN 'platform'
          -- Nobody was asked, so nobody failed: the keeper was away, or has too much to do.
          WHEN "isLongDue" THEN 'overdue'
        END AS kind, coalesce(token."failureId", outage."failureId") AS failure
      FROM token LEFT JOIN outage ON outage.cloud = token.cloud
    ), sign_in_cause AS (
      SELECT CASE kind
          WHEN 'registration' THEN 'registration:' || "cloudProviderId"
          WHEN 'platform' THEN 'platform:' || cloud
          WHEN 'pause' THEN 'pause:' || pause
          WHEN 'overdue' THEN 'overdue'
          WHEN 'locked' THEN 'locked:' || "cloudProviderId"
          ELSE 'sign_in:' || "cloudProviderId" || ':' || failure
        END AS cause, kind,
        CASE kind WHEN 'pause' THEN 'postkey.identity_platform_pause'
          WHEN 'overdue' THEN 'postkey.renewals_overdue' ELSE failure END AS "remedyId",
        "cloudProviderId", username,
        CASE kind WHEN 'platform' THEN cloud WHEN 'overdue' THEN ${OVERDUE_SUBJECT} ELSE provider END
          AS subject
      FROM told
      WHERE kind IS NOT NULL AND (kind <> 'registration' OR registration IS NULL)
        AND (kind <> 'platform' OR failure <> ALL(${MENDED_BY_HAND}))
    ), stopped AS (
      SELECT c.*, e.id AS "emailAccountId", e.name, e."nameKey", e.active
      FROM provider_cause c LEFT JOIN "EmailAccount" e
        -- As long as the old secret works, nothing stops.
        ON e."cloudProviderId" = c."cloudProviderId" AND c.kind <> 'rotation'
      UNION ALL
      SELECT c.cause, c.kind, c."remedyId", c."cloudProviderId", c.subject,
        e.id, e.name, e."nameKey", e.active
      FROM sign_in_cause c
      LEFT JOIN ("EmailAccount" e JOIN "CloudProvider" o ON o.id = e."cloudProviderId")
        ON e."cloudProviderId" = c."cloudProviderId" AND c.username = ${NAME_AT_OWN}
      UNION ALL
      SELECT 'mail:' || e."testFailureId" || ':' || coalesce(p.id::text, server.name), 'mail',
        e."testFailureId", p.id, coalesce(p.name, server.name), e.id, e.name, e."nameKey", e.active
      FROM "EmailAccount" e
      CROSS JOIN LATERAL (SELECT CASE e.service WHEN 'custom' THEN e.hosts->'imap'->>'host'
        ELSE e.service END AS name) server
      LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
      LEFT JOIN "Authorization" a
        ON a."cloudProviderId" = e."cloudProviderId" AND a.username = ${NAME_AT_PROVIDER}
      LEFT JOIN "TokenSet" t ON t."authorizationId" = a.id
      WHERE e."testFailureId" IS NOT NULL AND e.active AND e."testSchedule" <> 'off'
        AND e."testFailureId" NOT LIKE 'AADSTS%' AND e."testFailureId" <> ALL(${TOKEN_FAILURES})
        AND coalesce(t.state, 'connected') = 'connected'
    )`;
}

export type Cause = {
  cause: string;
  kind: string;
  remedyId: string;
  cloudProviderId: string | null;
  subject: string;
  accounts: number;
  accountNames: string[];
};

/** What fails now. What only inactive accounts use is nobody's concern. */
export async function findCauses(tx: Transaction, now: Date): Promise<Cause[]> {
  return tx.$queryRaw<Cause[]>`WITH ${stopped(now)}
    SELECT cause, kind, mode() WITHIN GROUP (ORDER BY "remedyId") AS "remedyId",
      CASE WHEN kind IN ('platform', 'overdue') THEN NULL ELSE min("cloudProviderId"::text) END AS "cloudProviderId",
      min(subject) AS subject,
      count(DISTINCT "emailAccountId") FILTER (WHERE active)::int AS accounts,
      coalesce((array_agg(name ORDER BY "nameKey") FILTER (WHERE active))[1:${NAMED_ACCOUNTS}], '{}')
        AS "accountNames"
    FROM stopped GROUP BY cause, kind HAVING bool_or(active) IS NOT FALSE`;
}

export type StoppedAccount = { id: string; name: string; emailAddress: string };

/** A stopped account with what a command about its mailbox needs to know. */
export type StoppedMailbox = StoppedAccount & AccountNames & { clientId: string | null };

/** The accounts that a cause stops now, by name. */
export async function findStoppedMailboxes(
  tx: Transaction,
  { cause, limit }: { cause: string; limit: number },
): Promise<StoppedMailbox[]> {
  return tx.$queryRaw<StoppedMailbox[]>`WITH ${stopped(await databaseNow(0, tx))}, ids AS (
      SELECT DISTINCT "emailAccountId" AS id FROM stopped WHERE cause = ${cause} AND active
    )
    SELECT e.id, e.name, e."emailAddress", e.username, e.mailbox, e."smtpUser", e.service,
      e."modernAuthentication", coalesce(p."grant" = 'app_only', FALSE) AS "isAppOnly", p."clientId"
    FROM ids JOIN "EmailAccount" e ON e.id = ids.id
    LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
    ORDER BY e."nameKey", e.id LIMIT ${limit}`;
}
