import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { subjectSql } from "@/lib/registrations/pauses/store";
import { listRemedies } from "@/lib/remedies/catalogue";
import { Prisma } from "@/prisma/generated/client";

/** Not outages: a sign-in keeps its failure until it is tried after a repair. */
const MENDED_BY_HAND = listRemedies()
  .filter(({ retry }) => retry === "after_fix" || retry === "reauth")
  .map(({ id }) => id);

/** A keeper renews due tokens within seconds. */
const OVERDUE_AFTER_MS = MINUTE_MS;
const OVERDUE_SUBJECT = "Renewal of tokens";
/** A silent platform is asked at least every half minute (lib/keeper/breaker.ts). */
const OUTAGE_MS = 5 * MINUTE_MS;

/** SQL: a row per sign-in it stops. */
export function signInCauses(): Prisma.Sql {
  return Prisma.sql`${unwell()}, ${outages()}, ${TOLD}, ${causes()}`;
}

function unwell(): Prisma.Sql {
  return Prisma.sql`token AS (
      SELECT token_state(t.state, t."accessTokenExpiresAt") AS state, t."failureId", t."failedAt",
        z.subject AS pause, t."accessTokenExpiresAt" < now() AS "isOver",
        t."refreshDueAt" < ${ago(OVERDUE_AFTER_MS)} AS "isLongDue",
        a."cloudProviderId", a.username, p.cloud, p.name AS provider, p."failureId" AS registration
      FROM "TokenSet" t
      JOIN "Authorization" a ON a.id = t."authorizationId"
      JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
      LEFT JOIN "PlatformPause" z ON t.state IN ('connected', 'retrying')
        AND z.subject = ${subjectSql()} AND coalesce(t."failureId", z.reason) = z.reason
      WHERE t.state <> 'connected' OR t."accessTokenExpiresAt" < now()
    )`;
}

function outages(): Prisma.Sql {
  return Prisma.sql`outage AS (
      SELECT cloud, mode() WITHIN GROUP (ORDER BY "failureId") AS "failureId" FROM token
      WHERE state = 'retrying' AND pause IS NULL AND "failureId" <> ALL(${MENDED_BY_HAND})
        AND "failedAt" > ${ago(OUTAGE_MS)} GROUP BY cloud
    )`;
}

/** The kind is null while it does no harm. */
const TOLD = Prisma.sql`told AS (
    SELECT token.*, CASE
        WHEN state = 'fix_registration' THEN 'registration'
        WHEN state = 'locked' THEN 'locked'
        WHEN state <> 'retrying' THEN 'sign_in'
        -- While the last token works, waiting harms no one.
        WHEN NOT "isOver" THEN NULL
        WHEN pause IS NOT NULL THEN 'pause'
        WHEN token."failureId" IS NOT NULL OR outage.cloud IS NOT NULL THEN 'platform'
        -- No platform was asked, so none failed: the keeper was away, or has too much to do.
        WHEN "isLongDue" THEN 'overdue'
      END AS kind, coalesce(token."failureId", outage."failureId") AS failure
    FROM token LEFT JOIN outage ON outage.cloud = token.cloud
  )`;

function causes(): Prisma.Sql {
  return Prisma.sql`sign_in_cause AS (
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
    )`;
}

function ago(durationMs: number): Prisma.Sql {
  return Prisma.sql`now() - make_interval(secs => ${durationMs / SECOND_MS}::float8)`;
}
