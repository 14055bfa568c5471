import { query } from "../installation";
import { NEEDLE } from "./seed-lists";

/** What the other lists show, beside accounts and providers: so many rows, of each hundred one out of the ordinary. */
export async function seedKinds(databaseUrl: string, rows: number): Promise<void> {
  for (const sql of KINDS) await query(databaseUrl, sql.replaceAll("$ROWS", String(rows)));
  await query(databaseUrl, "VACUUM (ANALYZE)");
}

const NTH_LIST = `(SELECT array_agg(id) FROM "ContactList")`;

const KINDS = [
  `INSERT INTO "ContactList" (id, name, "nameKey") SELECT gen_random_uuid(), 'List ' || n, md5(n::text)
    FROM generate_series(1, $ROWS / 100) n`,
  `UPDATE "EmailAccount" SET "contactListId" = ids[1 + ('x' || substr(md5(key), 1, 6))::bit(24)::int % array_length(ids, 1)]
    FROM (SELECT ${NTH_LIST} ids) l WHERE md5(key) < '2'`,
  `INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name, "firstSeenAt", "lastSeenAt", "emailAccountId")
    SELECT gen_random_uuid(), ids[1 + n % array_length(ids, 1)], email, email,
      CASE WHEN n % 100 = 0 THEN '' WHEN n <= 60 THEN 'Miller ${NEEDLE}' ELSE 'Miller ' || n END,
      CASE WHEN n % 100 <> 1 THEN now() - (n::bigint * 7919 % $ROWS) * interval '5 minutes' END, now(),
      accounts[1 + n % array_length(accounts, 1)]
    FROM generate_series(1, $ROWS) n,
      LATERAL (SELECT substr(md5('x' || n), 1, 10) || '@customer.example' AS email) e, (SELECT ${NTH_LIST} ids) l,
      (SELECT array_agg(id) accounts FROM (SELECT id FROM "EmailAccount" LIMIT 100) first) a`,
  `INSERT INTO "TestRun" (id, "createdAt", "startedByName", total, parallelism, "cancelledAt", "finishedAt")
    SELECT gen_random_uuid(), now() - n * interval '1 hour', 'Ada', 100, 8, CASE WHEN n % 100 = 0 THEN now() END,
      CASE WHEN n > 1 THEN now() END FROM generate_series(1, $ROWS / 100) n`,
  `INSERT INTO "TestRunItem" ("testRunId", "emailAccountId", state)
    SELECT r.id, e.id, CASE WHEN e.n % 100 = 1 THEN 'failed' ELSE 'ok' END FROM "TestRun" r,
      (SELECT id, row_number() OVER () AS n FROM "EmailAccount" LIMIT 100) e`,
  `UPDATE "TestRun" r SET works = c.works, failed = 100 - c.works, skipped = 0 FROM (
      SELECT "testRunId", count(*) FILTER (WHERE state = 'ok') AS works FROM "TestRunItem" GROUP BY 1
    ) c WHERE c."testRunId" = r.id AND r."finishedAt" IS NOT NULL`,
  `INSERT INTO "Incident" (id, cause, kind, "remedyId", "cloudProviderId", subject, accounts, "peakAccounts",
      "accountNames", "openedAt", "announcedAt", "quietSince", "resolvedAt")
    SELECT gen_random_uuid(), 'sign_in:' || n, 'sign_in', 'AADSTS50173', ids[1 + n % array_length(ids, 1)], 'Contoso',
      CASE WHEN n % 100 > 1 THEN 0 ELSE n % 40 END, n % 40, '{Support,Sales}', now() - n * interval '1 hour',
      now() - n * interval '1 hour', CASE WHEN n % 100 > 0 THEN now() END, CASE WHEN n % 100 > 1 THEN now() END
    FROM generate_series(1, $ROWS) n, (SELECT array_agg(id) ids FROM "CloudProvider") p`,
  `INSERT INTO "AuditEvent" (at, "actorKind", "actorId", "actorName", action, "objectKind", "objectId", "objectName")
    SELECT now() - ($ROWS - n) * interval '1 minute', 'user', n % 100, 'Ada ' || n % 100,
      CASE WHEN n % 100 = 0 THEN 'session.refuse' ELSE 'contact.update' END, 'contact', n,
      CASE WHEN n <= 60 THEN '${NEEDLE} ' ELSE 'Thing ' END || n FROM generate_series(1, $ROWS) n`,
];
