import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { pool } from "@/lib/kernel/db";
import { withDatabase } from "./database";
import { statementsOf } from "./statements";

const ROWS = 20_000;
/** A page, a count that is capped, and those of a rare kind that are sorted. */
const MOST_ROWS = 4_000;

/** One of each in a hundred is out of the ordinary. */
const ACCOUNTS = [
  `INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri", cloud)
   SELECT gen_random_uuid(), n, md5(n::text), 'app ' || n, n, 'https://postkey.example.com/',
     CASE WHEN n % 100 = 0 THEN 'china' ELSE 'global' END FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO "ClientCredential" (id, "cloudProviderId", hint, "expiresAt", version, "createdByName")
   SELECT gen_random_uuid(), id, 'abc', now() + (row_number() OVER ()) * interval '1 hour', 1, 'Seed'
   FROM "CloudProvider"`,
  `INSERT INTO "ContactList" (id, name, "nameKey")
   SELECT gen_random_uuid(), n, md5(n::text) FROM generate_series(1, 50) n`,
  `INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey", service,
     "modernAuthentication", username, "usernameKey", "cloudProviderId", "lastTestedAt", "imapVerdict")
   SELECT gen_random_uuid(), n, md5(n::text), n, n, n || '@contoso.test', n || '@contoso.test',
     'outlook365', n % 100 <> 1, n || '@contoso.test',
     CASE WHEN n % 100 = 2 THEN 'dave@contoso.test' ELSE n || '@contoso.test' END,
     p.id, now() - n * interval '1 minute',
     CASE WHEN n % 100 = 3 THEN 'failed' ELSE 'ok' END FROM generate_series(1, ${ROWS}) n
   JOIN (SELECT id, row_number() OVER (ORDER BY "nameKey") AS at FROM "CloudProvider") p
     ON p.at = 1 + n % (${ROWS} - 100) ORDER BY n`,
  `INSERT INTO "Authorization" (id, "cloudProviderId", username, "displayName", "objectId", "tenantId",
     "homeAccountId", scopes, "signedInByName")
   SELECT gen_random_uuid(), "cloudProviderId", "usernameKey", name, id, id, id, '{}', 'Seed'
   FROM "EmailAccount" WHERE key::int % 100 <> 4 ON CONFLICT DO NOTHING`,
  `INSERT INTO "TokenSet" ("authorizationId", "accessTokenSealed", "cacheSealed", "accessTokenExpiresAt",
     "refreshDueAt", state, "failureId")
   SELECT id, 'x', 'x', now() + interval '1 hour', now() + interval '1 hour',
     CASE WHEN get_byte(uuid_send(id), 0) < 3 THEN 'sign_in_again' ELSE 'connected' END,
     CASE WHEN get_byte(uuid_send(id), 0) < 3 AND get_byte(uuid_send(id), 1) < 40 THEN 'AADSTS50173' END
   FROM "Authorization"`,
];

/** The same without what triggers write for the list of providers, which takes most of the time. */
const ACCOUNTS_ALONE = [
  "SET session_replication_role = replica",
  ...ACCOUNTS,
  "SET session_replication_role = DEFAULT",
  // Their own columns that triggers fill.
  `UPDATE "EmailAccount" SET state = state, "providerKey" = "providerKey"`,
];

const OTHERS = [
  `INSERT INTO "Contact" (id, "contactListId", "emailAccountId", email, "emailKey", name, "firstSeenAt", "lastSeenAt")
   SELECT gen_random_uuid(), (SELECT array_agg(id) FROM "ContactList")[1 + n % 50],
     CASE WHEN n % 2 = 0 THEN (SELECT array_agg(id) FROM "EmailAccount")[1 + n % 300] END, n, md5(n::text),
     CASE WHEN n % 100 = 0 THEN '' ELSE n::text END,
     CASE WHEN n % 100 = 1 THEN NULL ELSE now() - n * interval '1 minute' END, now()
   FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO "ApiKey" (id, name, "keyHash", hint, permissions, "createdAt", "createdByName", "lastUsedAt", "expiresAt")
   SELECT gen_random_uuid(), n, n, 'abc', '{accounts:read}', now() - n * interval '1 minute', 'Seed',
     CASE WHEN n % 100 = 0 THEN NULL ELSE now() END,
     CASE WHEN n % 100 = 1 THEN now() - interval '1 day' END FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO "AuditEvent" (at, "actorKind", "actorId", "actorName", action, "objectKind", "objectId", "objectName")
   SELECT now() - (${ROWS} - n) * interval '1 minute', 'user', n % 100, 'Ada ' || n % 100,
     CASE WHEN n % 100 = 0 THEN 'session.refuse' ELSE 'contact.update' END, 'contact', n, 'Thing ' || n
   FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO "Incident" (id, cause, kind, "remedyId", subject, accounts, "peakAccounts", "openedAt", "quietSince",
     "resolvedAt")
   SELECT gen_random_uuid(), 'mail:' || n, 'mail', CASE WHEN n % 100 = 0 THEN 'imap.authenticate_failed' ELSE 'imap.bye' END,
     'Contoso ' || n, n % 40, n % 40, now() - n * interval '1 hour',
     CASE WHEN n % 100 <> 1 THEN now() END, CASE WHEN n % 100 > 2 THEN now() END FROM generate_series(1, ${ROWS}) n`,
  // A third of them is revoked, as after some years, among the others.
  `INSERT INTO "Device" (id, name, "nameKey", "emailAccountId", prefix, "passwordHash", protocols, "createdByName",
     "createdAt", paused, "lastUsedAt", "expiresAt", messages, "revokedAt")
   SELECT gen_random_uuid(), n, md5(n::text), (SELECT array_agg(id) FROM "EmailAccount")[1 + n % 2000], k || n, k || n,
     CASE WHEN n % 100 = 2 THEN '{imap}'::text[] ELSE '{smtp}' END, 'Seed', now() - n * interval '1 minute', n % 100 = 3, CASE WHEN n % 100 <> 0 THEN now() END,
     CASE WHEN n % 100 = 1 THEN now() - interval '1 day' END, n % 700, CASE WHEN k = 'r' THEN now() END
   FROM (SELECT n, 'd' AS k FROM generate_series(1, ${ROWS}) n
     UNION ALL SELECT n, 'r' FROM generate_series(1, ${ROWS / 2}) n) AS seed ORDER BY md5(n::text)`,
];

/** What is asked of a list, by what it is asked for. */
export type Asked = readonly [what: string, ask: () => Promise<unknown>];

export const forEach = <K extends string>(
  what: string,
  keys: readonly K[],
  ask: (key: K) => Promise<unknown>,
) => keys.map((key): Asked => [`${what} ${key}`, () => ask(key)]);

export const idOf = async (table: string) =>
  (await pool().query(`SELECT id FROM "${table}" LIMIT 1`)).rows[0]?.id;

/** Tests that each list reads few of 20,000 rows, whatever it is asked for. */
export function testPlans(
  seeded: "accounts" | "everything",
  lists: Readonly<Record<string, readonly Asked[]>>,
): void {
  withDatabase();
  beforeAll(async () => {
    const seeding = await pool().connect();
    // Thousands of rows: on a busy machine longer than a statement of the product may take.
    await seeding.query("SET statement_timeout = 0");
    const statements = seeded === "accounts" ? ACCOUNTS_ALONE : [...ACCOUNTS, ...OTHERS];
    for (const statement of statements) await seeding.query(statement);
    await seeding.query("VACUUM (ANALYZE)");
    seeding.release(true);
  }, 120_000);

  describe.each(Object.entries(lists))(
    "at 20,000 rows the list of %s reads few of them",
    (_list, asked) => {
      test.each(asked)("for %s", async (_what, ask) => {
        expect(await mostRows(ask)).toBeLessThan(MOST_ROWS);
      });
    },
  );
}

type Plan = {
  "Node Type": string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number | undefined;
  Plans?: Plan[] | undefined;
};
const planSchema: z.ZodType<Plan> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Actual Rows": z.number(),
    "Actual Loops": z.number(),
    "Rows Removed by Filter": z.number().optional(),
    Plans: z.array(planSchema).optional(),
  }),
);
const explainedSchema = z.array(
  z.object({ "QUERY PLAN": z.array(z.object({ Plan: planSchema })) }),
);

/** How many rows the busiest step of what a list asks looks at. */
async function mostRows(ask: () => Promise<unknown>): Promise<number> {
  const statements = (await statementsOf(ask)).filter(({ text }) => /^\s*SELECT/.test(text));
  expect(statements.length).toBeGreaterThan(0);
  const steps: number[] = [];
  for (const { text, values } of statements) {
    const { rows } = await pool().query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
    for (const explained of explainedSchema.parse(rows))
      for (const { Plan: plan } of explained["QUERY PLAN"]) steps.push(...stepsOf(plan));
  }
  return Math.max(...steps);
}

function stepsOf(plan: Plan): number[] {
  const { "Actual Rows": rows, "Rows Removed by Filter": removed = 0, Plans: below = [] } = plan;
  return [(rows + removed) * plan["Actual Loops"], ...below.flatMap(stepsOf)];
}
