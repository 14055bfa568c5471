import { ENDS_SOON_DAYS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import type { Transaction } from "@/lib/kernel/transaction";
import { TOKEN_FAILURES } from "@/lib/oauth/services";
import { passkeyHost } from "@/lib/people/passkeys/queries";
import { isValid } from "@/lib/people/validity";
import { type AccountNames, serverName, signedInName } from "@/lib/sign-ins/identities";
import { Prisma } from "@/prisma/generated/client";
import { NAMED_ACCOUNTS } from "../schema";
import { providerCauses } from "./providers/store";
import { signInCauses } from "./sign-ins/store";

/** Aliases of the account and its provider below. */
const NAME_AT_OWN = Prisma.raw(signedInName("e", "o"));
const NAME_AT_PROVIDER = Prisma.raw(signedInName("e", "p"));
const SERVER = Prisma.raw(serverName("e"));

/** A row per cause and account, or null; a cause has one name only. */
function stopped(now: Date): Prisma.Sql {
  return Prisma.sql`${providerCauses(now)}, ${signInCauses()}, stopped AS (
      ${BY_PROVIDERS} UNION ALL ${BY_SIGN_INS} UNION ALL ${BY_SERVERS} UNION ALL ${BY_DEADLINE} UNION ALL ${BY_DEVICES}
      UNION ALL ${byCertificate(now)} UNION ALL ${BY_PASSWORD} UNION ALL ${BY_PASSKEYS}
      UNION ALL ${byPasskeysElsewhere()}
    )`;
}

// What never signed in was not stopped.
const HAS_SIGNED_IN = Prisma.sql`e.state <> 'not_signed_in'`;

const BY_PROVIDERS = Prisma.sql`
  SELECT c.*, CASE WHEN ${HAS_SIGNED_IN} THEN e.id END AS "emailAccountId", e.name, e."nameKey", e.active
  FROM provider_cause c LEFT JOIN "EmailAccount" e
    -- As long as the old secret works, nothing stops; nor by a right too many.
    ON e."cloudProviderId" = c."cloudProviderId" AND c.kind NOT IN ('rotation', 'closed_mailbox')`;

const BY_SIGN_INS = Prisma.sql`
  SELECT c.cause, c.kind, c."remedyId", c."cloudProviderId", c.subject,
    e.id, e.name, e."nameKey", e.active
  FROM sign_in_cause c
  LEFT JOIN ("EmailAccount" e JOIN "CloudProvider" o ON o.id = e."cloudProviderId")
    ON e."cloudProviderId" = c."cloudProviderId" AND c.username = ${NAME_AT_OWN}`;

/** For account `e` and its provider `p`. */
const MAIL_CAUSE = Prisma.sql`'mail:' || e."testFailureId" || ':' || coalesce(p.id::text, ${SERVER})`;
const FAILS_AT_SERVER = Prisma.sql`(e.active AND e."testSchedule" <> 'off' AND ${HAS_SIGNED_IN})`;

/** For incident `i`: a failing sign-in hides what a server refused before. */
export const IS_HIDDEN = Prisma.sql`EXISTS (SELECT FROM "EmailAccount" e
  LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
  WHERE i.cause = ${MAIL_CAUSE} AND ${FAILS_AT_SERVER})`;

/** Only if the sign-in is well: its own incident covers the rest. */
const BY_SERVERS = Prisma.sql`
  SELECT ${MAIL_CAUSE}, 'mail',
    e."testFailureId", p.id, coalesce(p.name, ${SERVER}), e.id, e.name, e."nameKey", e.active
  FROM "EmailAccount" e
  LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
  LEFT JOIN "Authorization" a
    ON a."cloudProviderId" = e."cloudProviderId" AND a.username = ${NAME_AT_PROVIDER}
  LEFT JOIN "TokenSet" t ON t."authorizationId" = a.id
  WHERE e."testFailureId" IS NOT NULL AND ${FAILS_AT_SERVER}
    AND e."testFailureId" <> ALL(${TOKEN_FAILURES})
    AND NOT EXISTS (SELECT 1 FROM service v WHERE starts_with(e."testFailureId", v."refusalPrefix"))
    AND coalesce(t.state, 'connected') = 'connected'`;

/** Who waits for a first sign-in longer than an administrator allows. */
const BY_DEADLINE = Prisma.sql`
  SELECT 'mail:' || n.id || ':' || p.id, 'mail', n.id, p.id, p.name, e.id, e.name, e."nameKey", e.active
  FROM "EmailAccount" e JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
  CROSS JOIN LATERAL (SELECT CASE p."grant" WHEN 'app_only' THEN 'postkey.not_connected'
    ELSE 'postkey.not_signed_in' END AS id) n
  WHERE e.state = 'not_signed_in' AND greatest(e."createdAt", e."movedAt")
    < now() - make_interval(days => (SELECT "unsignedDays" FROM "Installation"))`;

/** Until one gets in, a test succeeds, or a day passes; the cause is that of a test. */
const BY_DEVICES = Prisma.sql`
  SELECT 'mail:' || d."failureId" || ':' || coalesce(p.id::text, ${SERVER}), 'mail',
    d."failureId", p.id, coalesce(p.name, ${SERVER}), e.id, e.name, e."nameKey", e.active
  FROM "Device" d JOIN "EmailAccount" e ON e.id = d."emailAccountId"
  LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
  WHERE d."failureId" IS NOT NULL AND ${Prisma.raw(isValid("d"))} AND NOT d.paused AND e.active
    AND d."failedAt" > now() - interval '1 day'
    AND NOT (coalesce(e."lastTestedAt" > d."failedAt", FALSE) AND 'ok' = CASE d."failureProtocol"
      WHEN 'imap' THEN e."imapVerdict" WHEN 'pop3' THEN e."pop3Verdict" ELSE e."smtpVerdict" END)`;

/** As a running or starting gateway reported. */
function byCertificate(now: Date): Prisma.Sql {
  return Prisma.sql`SELECT 'certificate:devices', 'certificate', CASE
      WHEN i.ends AND i."deviceCertificateExpiresAt" <= ${now} THEN 'postkey.device_certificate_expired'
      WHEN i.fails THEN 'postkey.device_certificate_unusable'
      ELSE 'postkey.device_certificate_expiring' END,
      NULL::uuid, 'Gateway for devices', NULL::uuid, NULL::text, NULL::text, NULL::boolean
    FROM (SELECT "deviceCertificateExpiresAt",
        coalesce("deviceCertificateExpiresAt" <= ${now}::timestamptz + make_interval(days => ${ENDS_SOON_DAYS})
          AND "deviceCertificateSeenAt" > now() - interval '1 day', FALSE) AS ends,
        coalesce("deviceCertificateFailedAt" > now() - interval '1 day', FALSE) AS fails
      FROM "Installation") i
    WHERE i.ends OR i.fails`;
}

/** Reported for a day. */
const BY_PASSWORD = Prisma.sql`SELECT 'password:company', 'password', 'company.password_used',
    NULL::uuid, CASE p."usedMethod" WHEN 'passkey' THEN 'Passkey sign-in of ' ELSE 'Password sign-in of ' END
      || p."passwordUsedByName", NULL::uuid, NULL::text, NULL::text, NULL::boolean
  FROM "CompanyPolicy" p WHERE p."only" AND p."passwordUsedAt" > now() - interval '1 day'`;

/** A counter that went back suggests a copy; until removed. */
const BY_PASSKEYS = Prisma.sql`
  SELECT 'passkey:' || k.id, 'passkey', 'postkey.passkey_copied', NULL::uuid, p.name,
    NULL::uuid, NULL::text, NULL::text, NULL::boolean
  FROM "Passkey" k JOIN "Administrator" p ON p.id = k."administratorId"
  WHERE k."copiedAt" IS NOT NULL`;

/** After POSTKEY_URL changes, people whose only factor is a passkey get in by password alone. */
function byPasskeysElsewhere(): Prisma.Sql {
  return Prisma.sql`SELECT 'passkey:host:' || k."rpId", 'passkey', 'postkey.passkeys_elsewhere', NULL::uuid,
      'Passkeys of ' || k."rpId", NULL::uuid, NULL::text, NULL::text, NULL::boolean
    FROM "Passkey" k JOIN "Administrator" p ON p.id = k."administratorId"
    JOIN "Installation" i ON i.id = 1 AND p.role = ANY (i."secondFactorRoles")
    WHERE p."disabledAt" IS NULL AND p."passwordHash" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM "Passkey" h
        WHERE h."administratorId" = p.id AND h."rpId" = ${passkeyHost().rpId})
      AND NOT EXISTS (SELECT 1 FROM "Authenticator" t
        WHERE t."administratorId" = p.id AND t."confirmedAt" IS NOT NULL)`;
}

export type Cause = {
  cause: string;
  kind: string;
  remedyId: string;
  cloudProviderId: string | null;
  subject: string;
  accounts: number;
  accountNames: string[];
  onlyAccountId: string | null;
};

const STOPPED = Prisma.sql`FILTER (WHERE active AND "emailAccountId" IS NOT NULL)`;

/** Ignores failures of inactive accounts. */
export async function findCauses(tx: Transaction, now: Date): Promise<Cause[]> {
  return tx.$queryRaw<Cause[]>`WITH ${stopped(now)}
    SELECT cause, kind, mode() WITHIN GROUP (ORDER BY "remedyId") AS "remedyId",
      CASE WHEN kind IN ('platform', 'overdue') THEN NULL ELSE min("cloudProviderId"::text) END AS "cloudProviderId",
      min(subject) AS subject,
      count(DISTINCT "emailAccountId") ${STOPPED}::int AS accounts,
      coalesce((array_agg(name ORDER BY "nameKey") ${STOPPED})[1:${NAMED_ACCOUNTS}], '{}') AS "accountNames",
      CASE WHEN count(DISTINCT "emailAccountId") ${STOPPED} = 1
        THEN min("emailAccountId"::text) ${STOPPED} END AS "onlyAccountId"
    FROM (SELECT DISTINCT * FROM stopped) stopped GROUP BY cause, kind HAVING bool_or(active) IS NOT FALSE`;
}

export type StoppedMailbox = AccountNames & { id: string; name: string };

export async function findStoppedMailboxes(
  tx: Transaction,
  { cause, limit }: { cause: string; limit: number },
): Promise<StoppedMailbox[]> {
  // Ends: Says how many more there are.
  return tx.$queryRaw<StoppedMailbox[]>`WITH ${stopped(await databaseNow(0, tx))}, ids AS (
      SELECT DISTINCT "emailAccountId" AS id FROM stopped WHERE cause = ${cause} AND active
    )
    SELECT e.id, e.name, e."emailAddress", e.username, e.mailbox, e."smtpUser", e.service,
      e."modernAuthentication", coalesce(p."grant" = 'app_only', FALSE) AS "isAppOnly"
    FROM ids JOIN "EmailAccount" e ON e.id = ids.id
    LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
    ORDER BY e."nameKey", e.id LIMIT ${limit}`;
}
