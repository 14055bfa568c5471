import "server-only";
import { listServiceFacts } from "@/lib/oauth/services";
import { Prisma } from "@/prisma/generated/client";

/** SQL: a row per cause. A secret that ended and is refused is one cause. */
export function providerCauses(now: Date): Prisma.Sql {
  return Prisma.sql`${services()}, ${endedSecrets(now)}, provider_cause AS (
      ${REFUSED} UNION ALL ${ENDED} UNION ALL ${NOT_RENEWED} UNION ALL ${OPENED}
    )`;
}

function services(): Prisma.Sql {
  return Prisma.sql`service AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(listServiceFacts())}::jsonb)
        AS s(id text, "refusalPrefix" text, "endedCredential" text[], "endedSecret" text)
    )`;
}

/** A secret without an end fails nothing. */
function endedSecrets(now: Date): Prisma.Sql {
  return Prisma.sql`secret AS (
      SELECT c."cloudProviderId", p.name, c.kind, v."endedSecret",
        EXISTS (SELECT 1 FROM "Incident" i
          WHERE i.cause = 'secret_expired:' || p.id AND i."resolvedAt" IS NULL) AS "isOpen",
        coalesce(p."failureId" = ANY(v."endedCredential"), FALSE) AS "isRefused"
      FROM "ClientCredential" c JOIN "CloudProvider" p ON p.id = c."cloudProviderId"
      JOIN service v ON v.id = p.service AND v."endedSecret" IS NOT NULL
      WHERE c."supersededAt" IS NULL AND c."expiresAt" <= ${now}
    )`;
}

const REFUSED = Prisma.sql`
  SELECT 'registration:' || p.id AS cause, 'registration' AS kind, p."failureId" AS "remedyId",
    p.id AS "cloudProviderId", p.name AS subject
  FROM "CloudProvider" p
  WHERE p."failureId" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM secret s
    WHERE s."cloudProviderId" = p.id AND s."isOpen" AND s."isRefused")`;

const ENDED = Prisma.sql`
  SELECT 'secret_expired:' || s."cloudProviderId", 'secret_expired',
    CASE s.kind WHEN 'certificate' THEN 'postkey.certificate_expired' ELSE s."endedSecret" END,
    s."cloudProviderId", s.name
  FROM secret s WHERE s."isOpen" OR NOT s."isRefused"`;

const NOT_RENEWED = Prisma.sql`
  SELECT 'rotation:' || p.id, 'rotation', p."rotationFailureId", p.id, p.name
    || ', whose secret ends on ' || to_char(c."expiresAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD')
  FROM "CloudProvider" p
  JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
  WHERE p."rotationFailureId" IS NOT NULL`;

const OPENED = Prisma.sql`
  SELECT 'closed_mailbox:' || p.id, 'closed_mailbox', 'postkey.closed_mailbox_open', p.id, p.name
  FROM "ClosedMailbox" m JOIN "CloudProvider" p ON p.id = m."cloudProviderId"
  WHERE m.result = 'open' AND p."grant" = 'app_only'`;
