import type { PgBoss } from "pg-boss";
import { db } from "@/lib/db";
import { mailboxKey, signedInName } from "@/lib/email-accounts/identities";
import { nextTestAt } from "@/lib/email-accounts/store";
import { Prisma } from "@/prisma/generated/client";
import { TESTS, within } from "./boss";

/** Per provider or server. More wait in the rows: no provider stands in front of another one. */
const IN_LINE_PER_GROUP = 12;
const AT_ONCE = 500;

type Due = { emailAccountId: string; group: string; mailbox: string };

/**
 * Puts the accounts whose scheduled test is due in line. In one transaction with the time of their
 * next one: whoever dies in the middle leaves them due, and nothing is in line twice.
 *
 * @returns how many
 */
export async function putDueTestsInLine(boss: PgBoss): Promise<number> {
  return db().$transaction(async (tx) => {
    // Of a sign-in that fails there is nothing to learn: its own incident tells.
    await tx.$executeRaw`
      UPDATE "EmailAccount" e SET "nextTestAt" = now() + interval '5 minutes'
      FROM "Authorization" a JOIN "TokenSet" t ON t."authorizationId" = a.id
        JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
      WHERE e."nextTestAt" <= now() AND e.active AND e."testSchedule" <> 'off'
        AND p.id = e."cloudProviderId" AND a.username = ${Prisma.raw(signedInName("e", "p"))}
        AND t.state <> 'connected'`;
    const due = await tx.$queryRaw<Due[]>`
      WITH due AS (
        SELECT e.id, e."nextTestAt", coalesce(e."cloudProviderId"::text,
            CASE e.service WHEN 'custom' THEN e.hosts->'imap'->>'host' ELSE e.service END) AS grp
        FROM "EmailAccount" e
        WHERE e."nextTestAt" <= now() AND e.active AND e."testSchedule" <> 'off'
      ), in_line AS (
        SELECT group_id, count(*) AS count FROM pgboss.job
        WHERE name = ${TESTS} AND state < 'completed' GROUP BY group_id
      ), ranked AS (
        SELECT d.*, row_number() OVER (PARTITION BY d.grp ORDER BY d."nextTestAt")
          + coalesce(l.count, 0) AS place
        FROM due d LEFT JOIN in_line l ON l.group_id = d.grp
      ), chosen AS (
        SELECT e.id, r.grp FROM "EmailAccount" e JOIN ranked r ON r.id = e.id
        WHERE r.place <= ${IN_LINE_PER_GROUP} AND e."nextTestAt" <= now()
        ORDER BY r."nextTestAt" LIMIT ${AT_ONCE} FOR UPDATE OF e SKIP LOCKED
      )
      UPDATE "EmailAccount" e
      SET "nextTestAt" = ${nextTestAt}
      FROM chosen c WHERE e.id = c.id
      RETURNING e.id AS "emailAccountId", c.grp AS "group", ${Prisma.raw(mailboxKey("e"))} AS mailbox`;
    const jobs = due.map(({ emailAccountId, group, mailbox }) => ({
      data: { emailAccountId },
      singletonKey: mailbox,
      group: { id: group },
    }));
    if (jobs.length > 0) await boss.insert(TESTS, jobs, within(tx));
    return jobs.length;
  });
}
