import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase } from "@/lib/testing/database";
import { documentedTables } from "@/lib/testing/growth";
import { report } from "@/lib/testing/long";

const MEASURED = 4_000;
const HASH = "left(encode(sha512(random()::text::bytea), 'base64'), 87)";
const text = (bytes: number) =>
  `(SELECT left(string_agg(md5(random()::text || n || m), ''), ${bytes}) FROM generate_series(1, ${Math.ceil(bytes / 32)}) m)`;

/** Rows as they usually are; n counts them. */
const SAMPLES: Readonly<Record<string, string>> = {
  "AuditEvent, edits": `INSERT INTO "AuditEvent" ("actorKind", "actorId", "actorName", action, "objectKind", "objectId", "objectName", detail, address, hash)
    SELECT 'user', md5(n::text), 'Ada Lovelace', 'email_account.update', 'email_account', gen_random_uuid(), 'Mailbox ' || n,
      '{"version": 3, "changed": ["Name", "Description"]}', '203.0.113.7', ${HASH} FROM generate_series(1, ${MEASURED}) n`,
  "AuditEvent, uses of 200 accounts": usesOf(200),
  "AuditEvent, uses of 28 accounts": usesOf(28),
  StateChange: `INSERT INTO "StateChange" ("objectKind", "objectId", "cloudProviderId", subject, "fromState", "toState", "failureId")
    SELECT 'authorization', gen_random_uuid(), gen_random_uuid(), 'mailbox' || n || '@contoso.com', 'connected', 'retrying',
      'postkey.identity_platform_unreachable' FROM generate_series(1, ${MEASURED}) n`,
  Contact: `INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name, "firstSeenAt", "lastSeenAt")
    SELECT gen_random_uuid(), '00000000-0000-0000-0000-000000000001', left(md5(n::text), 12) || '@customer.example',
      left(md5(n::text), 12) || '@customer.example', 'Person ' || n, now(), now() FROM generate_series(1, ${MEASURED}) n`,
  ConnectionTest: `INSERT INTO "ConnectionTest" (id, "emailAccountId", "durationMs", verdict, "startedByName", report)
    SELECT gen_random_uuid(), gen_random_uuid(), 900, 'ok', 'Postkey', jsonb_build_object('stages', ${text(2_400)})
    FROM generate_series(1, ${MEASURED}) n`,
  CounterBucket: `INSERT INTO "CounterBucket" (span, at, name, labels, value)
    SELECT '1h', now() - n / 40 * interval '1 hour', 'postkey_connection_test_duration_seconds_bucket',
      'le="' || n % 40 || '",protocol="imap"', n FROM generate_series(1, ${MEASURED}) n`,
  TokenSet: `INSERT INTO "TokenSet" ("authorizationId", "accessTokenSealed", "accessTokenExpiresAt", "cacheSealed", "refreshDueAt")
    SELECT gen_random_uuid(), ${text(2_600)}, now(), ${text(6_000)}, now() FROM generate_series(1, ${MEASURED}) n`,
};

function usesOf(accounts: number): string {
  return `INSERT INTO "AuditEvent" ("actorKind", "actorId", "actorName", action, "objectKind", "objectId", "objectName", detail, address, hash)
    SELECT 'api_key', 'k', 'Motion', 'api_key.use', 'api_key', 'k', 'Motion', jsonb_build_object('operation', 'getAccessToken',
      'path', '/api/emailAccounts/{id}/accessToken', 'status', 200, 'count', 200, 'objects',
      (SELECT jsonb_object_agg(md5(random()::text || n || m)::uuid, 12) FROM generate_series(1, ${accounts}) m)),
      '203.0.113.7', ${HASH} FROM generate_series(1, ${MEASURED}) n`;
}

let client: Client;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await createDatabase();
  ({ drop } = database);
  client = new Client({ connectionString: database.url });
  await client.connect();
  // Without the rows that they refer to, and without triggers.
  await client.query("SET session_replication_role = replica");
});
afterAll(async () => {
  await client.end();
  await drop();
});

describe("a row takes about as many bytes as docs/growth.md says, with its indexes", () => {
  test.each(Object.entries(SAMPLES))(
    "%s",
    async (name, sql) => {
      const [table = ""] = name.split(",");
      const before = await sizeOf(table);
      await client.query(sql);
      const bytes = ((await sizeOf(table)) - before) / MEASURED;
      const [said] = documentedTables().filter((row) => row.name.replaceAll("`", "") === name);
      report("bytes per row", { [name]: bytes.toFixed(0) });
      expect((said?.bytes ?? 0) / bytes).toBeGreaterThan(0.7);
      expect((said?.bytes ?? 0) / bytes).toBeLessThan(1.4);
    },
    60_000,
  );
});

async function sizeOf(table: string): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    `SELECT pg_total_relation_size($1::regclass)::float8 AS bytes`,
    [`"${table}"`],
  );
  return rows[0]?.bytes ?? 0;
}
