import "server-only";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { mailboxKey, signedInName } from "@/lib/sign-ins/identities";
import { Prisma } from "@/prisma/generated/client";

const SECONDS = Prisma.sql`CASE e."testSchedule" WHEN 'hourly' THEN 3600 ELSE 86400 END`;
/** Each account has its own second of the hour or the day, whenever it was made. */
const OWN_SECOND = Prisma.sql`mod(hashtextextended(e.id::text, 0), ${SECONDS})`;

/** When the next scheduled test of the account `e` is due: spread over the whole interval. */
const nextTestAt = Prisma.sql`CASE WHEN e."testSchedule" <> 'off' THEN to_timestamp(
  (floor((extract(epoch FROM now()) - ${OWN_SECOND}) / (${SECONDS})) + 1) * (${SECONDS}) + ${OWN_SECOND}
) END`;

/** Times of tests that a clock chose which ran ahead are chosen anew. */
export async function setScheduleRight(): Promise<void> {
  await db().$executeRaw`UPDATE "EmailAccount" e SET "nextTestAt" = ${nextTestAt}
    WHERE e."nextTestAt" > now() + interval '1 hour'
      AND NOT postkey_holds(e."nextTestAt", make_interval(secs => ${SECONDS}))`;
}

/** After their schedule was chosen. */
export async function scheduleNextTests(tx: Transaction, emailAccountIds: string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE "EmailAccount" e SET "nextTestAt" = ${nextTestAt} WHERE e.id = ANY(${emailAccountIds}::uuid[])`;
}

/** Tests that wait in line already, by the provider or server that they are held back for. */
export type InLine = { group: string; count: number }[];
export type DueTest = { emailAccountId: string; group: string; mailbox: string };

/**
 * Takes the accounts whose scheduled test is due, the longest due first, and says when their next one is.
 * Of a sign-in that fails there is nothing to learn (its own incident tells): it is looked at again later.
 *
 * @param perGroup so many of a provider or server are in line at most; the others stay due
 */
export async function takeDueTests(
  tx: Transaction,
  { inLine, perGroup, atMost }: { inLine: InLine; perGroup: number; atMost: number },
): Promise<DueTest[]> {
  await tx.$executeRaw`
    UPDATE "EmailAccount" e SET "nextTestAt" = now() + interval '5 minutes'
    FROM "Authorization" a JOIN "TokenSet" t ON t."authorizationId" = a.id
      JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
    WHERE e."nextTestAt" <= now() AND e.active AND e."testSchedule" <> 'off'
      AND p.id = e."cloudProviderId" AND a.username = ${Prisma.raw(signedInName("e", "p"))}
      AND t.state <> 'connected'`;
  return tx.$queryRaw<DueTest[]>`
    WITH due AS (
      SELECT e.id, e."nextTestAt", coalesce(e."cloudProviderId"::text,
          CASE e.service WHEN 'custom' THEN e.hosts->'imap'->>'host' ELSE e.service END) AS grp
      FROM "EmailAccount" e
      WHERE e."nextTestAt" <= now() AND e.active AND e."testSchedule" <> 'off'
    ), in_line AS (
      SELECT * FROM unnest(${inLine.map(({ group }) => group)}::text[], ${inLine.map(({ count }) => count)}::int[])
        AS l(grp, count)
    ), ranked AS (
      SELECT d.*, row_number() OVER (PARTITION BY d.grp ORDER BY d."nextTestAt")
        + coalesce(l.count, 0) AS place
      FROM due d LEFT JOIN in_line l ON l.grp = d.grp
    ), chosen AS (
      SELECT e.id, r.grp FROM "EmailAccount" e JOIN ranked r ON r.id = e.id
      WHERE r.place <= ${perGroup} AND e."nextTestAt" <= now()
      ORDER BY r."nextTestAt" LIMIT ${atMost} FOR UPDATE OF e SKIP LOCKED
    )
    UPDATE "EmailAccount" e
    SET "nextTestAt" = ${nextTestAt}
    FROM chosen c WHERE e.id = c.id
    RETURNING e.id AS "emailAccountId", c.grp AS "group", ${Prisma.raw(mailboxKey("e"))} AS mailbox`;
}
