import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDatabase } from "@/lib/testing/database";
import { applyMigration, migrate, pendingMigrations, readMigrations } from "./migrate.mjs";

const MIGRATIONS = "prisma/migrations";
let database: Awaited<ReturnType<typeof createDatabase>>;
let client: Client;

beforeEach(openDatabase);
afterEach(closeDatabase);

async function openDatabase(): Promise<void> {
  database = await createDatabase({ empty: true });
  client = new Client({ connectionString: database.url });
  await client.connect();
  await pendingMigrations(client, []);
}

async function closeDatabase(): Promise<void> {
  await client.end();
  await database.drop();
}

test("an update takes nothing away, and asks for nothing that the version before does not write", async () => {
  for (const migration of await readMigrations(MIGRATIONS)) {
    const before = await shapeOf();
    await applyMigration(client, migration);
    const found = breaks(before, await shapeOf()).sort();
    expect(found, migration.name).toEqual([...(MEANT[migration.name] ?? [])].sort());
  }
});

test.each([
  ["takes a column away", `ALTER TABLE "ApiKey" DROP COLUMN hint`],
  ["renames one", `ALTER TABLE "ApiKey" RENAME COLUMN hint TO shown`],
  ["changes one", `ALTER TABLE "ApiKey" ALTER COLUMN hint TYPE varchar(3)`],
  ["takes a table away", `DROP TABLE "ConnectionTest"`],
  ["asks for a new value", `ALTER TABLE "ApiKey" ADD COLUMN extra text NOT NULL`],
  ["asks for one that could be left out", `ALTER TABLE "ApiKey" ALTER "expiresAt" SET NOT NULL`],
  ["asks for one that was filled in", `ALTER TABLE "TokenSet" ALTER state DROP DEFAULT`],
  ["allows a value only once", `CREATE UNIQUE INDEX one ON "ApiKey" (name)`],
  ["allows some values only", `ALTER TABLE "ApiKey" ADD CHECK (name <> 'x')`],
])("one that %s would be found", async (_what, sql) => {
  await migrate(client, MIGRATIONS);
  const before = await shapeOf();
  await client.query(sql);
  expect(breaks(before, await shapeOf())).not.toEqual([]);
});

test("every row of an earlier version is kept, and that version goes on writing", async () => {
  const [first, ...later] = await readMigrations(MIGRATIONS);
  if (!first) throw new Error("There are no migrations.");
  await applyMigration(client, first);
  for (const [at, migration] of later.entries()) {
    // As the first version writes them: what it wrote lately goes through this step, and all before it did.
    await client.query(OLD_ROWS(at));
    const columns = [...(await shapeOf()).columns.keys()];
    const before = await rowsOf(columns);
    await applyMigration(client, migration);
    expect(await rowsOf(columns), migration.name).toEqual(before);
  }
  await client.query(OLD_ROWS(later.length));
}, 60_000);

test("keys that could change registrations still sign mailboxes in, and their makers are known", async () => {
  for (const migration of await readMigrations(MIGRATIONS))
    if (migration.name < "20261128003000") await applyMigration(client, migration);
  await client.query(`
    INSERT INTO "Administrator" (id, email, name, "passwordHash") VALUES ('${id(1, 1)}', 'a@x.test', 'Ada', '-');
    INSERT INTO "ApiKey" (id, name, "keyHash", hint, permissions, "createdByName") VALUES
      ('${id(1, 2)}', 'A', 'a', 'a', '{providers:write,tokens:read}', 'Ada'),
      ('${id(1, 3)}', 'B', 'b', 'b', '{tokens:read}', 'Ada');
    INSERT INTO "AuditEvent" ("actorKind", "actorId", "actorName", action, "objectKind", "objectId", "objectName")
      VALUES ('user', '${id(1, 1)}', 'Ada', 'api_key.create', 'api_key', '${id(1, 2)}', 'A')`);
  await migrate(client, MIGRATIONS);
  const { rows } = await client.query(
    `SELECT permissions, "createdById" FROM "ApiKey" ORDER BY name`,
  );
  expect(rows).toEqual([
    {
      permissions: ["providers:write", "tokens:read", "authorizations:write"],
      createdById: id(1, 1),
    },
    { permissions: ["tokens:read"], createdById: null },
  ]);
});

test("a company that knows nobody any more decides no role", async () => {
  for (const migration of await readMigrations(MIGRATIONS))
    if (migration.name < "20261128180000") await applyMigration(client, migration);
  const person = (n: number) => `('${id(1, n)}', '${n}@x.test', 'P', '${id(1, 9)}')`;
  await client.query(`
    INSERT INTO "CompanySignIn" (id, preset, name, slug, issuer, "clientId", "clientSecretSealed", "roleClaim",
        "roleValues", "createsPeople", "sessionHours", rechecks, "endsAtCompany")
      VALUES ('${id(1, 9)}', 'other', 'Contoso', 'other', 'https://b.test', 'c', '', 'groups', '{}', true, 8, false, false);
    INSERT INTO "Administrator" (id, email, name, "managedById") VALUES ${person(1)}, ${person(2)};
    INSERT INTO "AdministratorIdentity" (id, "administratorId", "companySignInId", issuer, subject, username)
      VALUES ('${id(1, 3)}', '${id(1, 1)}', '${id(1, 9)}', 'https://b.test', 's', 'p')`);
  await migrate(client, MIGRATIONS);
  const { rows } = await client.query(`SELECT "managedById" FROM "Administrator" ORDER BY email`);
  expect(rows).toEqual([{ managedById: id(1, 9) }, { managedById: null }]);
});

test("a device or key whose end no list could show never ends", async () => {
  for (const migration of await readMigrations(MIGRATIONS))
    if (migration.name < "20261129030200") await applyMigration(client, migration);
  const ends = ["9999-12-31", "10000-01-01", "infinity"];
  const keys = ends.map(
    (end, n) => `('${id(1, n)}', '${n}', '${n}', '', '{}', '', '${end} 00:00:00Z')`,
  );
  await client.query(`
    INSERT INTO "ApiKey" (id, name, "keyHash", hint, permissions, "createdByName", "expiresAt")
      VALUES ${keys.join(", ").replace("infinity 00:00:00Z", "infinity")}`);
  await migrate(client, MIGRATIONS);
  const { rows } = await client.query(
    `SELECT to_char("expiresAt", 'YYYY-MM-DD') AS ends FROM "ApiKey" ORDER BY name`,
  );
  expect(rows.map(({ ends: end }) => end)).toEqual(["9999-12-31", null, null]);
});

/** What a version relies on: its columns, and that nothing it never heard of refuses its rows. */
async function shapeOf() {
  const columns = await client.query<{ column: string; type: string; asksFor: boolean }>(
    `SELECT table_name || '.' || column_name AS column, udt_name AS type,
       is_nullable = 'NO' AND column_default IS NULL AND is_generated = 'NEVER' AS "asksFor"
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
  );
  const rules = await client.query<{ rule: string }>(
    `SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid) AS rule FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
     UNION SELECT indrelid::regclass || ': ' || pg_get_indexdef(indexrelid) FROM pg_index
     JOIN pg_class t ON t.oid = indrelid
     WHERE indisunique AND t.relnamespace = 'public'::regnamespace`,
  );
  return {
    columns: new Map(columns.rows.map(({ column, ...rest }) => [column, rest])),
    rules: new Set(rules.rows.map(({ rule }) => rule)),
  };
}

/** What of a migration would stop the version before it, which still runs or comes back. */
function breaks(
  before: Awaited<ReturnType<typeof shapeOf>>,
  after: Awaited<ReturnType<typeof shapeOf>>,
): string[] {
  const tables = new Set([...before.columns.keys()].map(tableOf));
  const gone = [...before.columns].filter(([name, { type }]) => {
    return after.columns.get(name)?.type !== type;
  });
  const asked = [...after.columns].filter(([name, { asksFor }]) => {
    return tables.has(tableOf(name)) && asksFor && !before.columns.get(name)?.asksFor;
  });
  const refused = [...after.rules].filter((rule) => {
    return tables.has(rule.split('"')[1] ?? "") && !before.rules.has(rule);
  });
  return [
    ...gone.map(([name]) => `${name} is not what it was`),
    ...asked.map(([name]) => `${name} is asked for`),
    ...refused.map((rule) => `new for rows that were: ${rule}`),
  ];
}

/** Intended breaks, by the name of their migration, with the reason why no installation meets them. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  // From uuid to text: what the version before writes and compares is text on the wire, and its own
  // rows read the same. The test of the rows below writes them as it does.
  "20261125103726_every_way_in": [
    "CloudProvider.tenantId is not what it was",
    "CloudProvider.clientId is not what it was",
  ],
  // Of a column that the version before leaves empty.
  "20261125111500_contact_capture": [
    'new for rows that were: "Contact": FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"(id) ON UPDATE CASCADE ON DELETE SET NULL',
  ],
  // The same.
  "20261128002000_second_factors": [
    'new for rows that were: "Administrator": CREATE UNIQUE INDEX "Administrator_userHandle_key" ON public."Administrator" USING btree ("userHandle")',
  ],
  // Of a column that is new, and false in every row.
  "20261128005000_letters": [
    'new for rows that were: "AlertChannel": CREATE UNIQUE INDEX "AlertChannel_sendsLinks_key" ON public."AlertChannel" USING btree ("sendsLinks") WHERE "sendsLinks"',
  ],
  "20261128001000_company_sign_in": [
    'new for rows that were: "Administrator": FOREIGN KEY ("managedById") REFERENCES "CompanySignIn"(id) ON UPDATE CASCADE ON DELETE SET NULL',
    'new for rows that were: "Session": FOREIGN KEY ("identityId") REFERENCES "AdministratorIdentity"(id) ON UPDATE CASCADE ON DELETE CASCADE',
  ],
  // Of a column that is new.
  "20261128083000_revoked_by_company": [
    'new for rows that were: "Administrator": FOREIGN KEY ("disabledByCompanyId") REFERENCES "CompanySignIn"(id) ON UPDATE CASCADE ON DELETE SET NULL',
  ],
};

/** Rows as the first version wrote them; `n` tells them apart. */
const OLD_ROWS = (n: number) => `
  INSERT INTO "Administrator" (id, email, name, "passwordHash")
    VALUES ('${id(n, 1)}', '${n}@x.test', 'Ada', '-');
  INSERT INTO "Session" (id, "administratorId", "expiresAt") VALUES ('${id(n, 2)}', '${id(n, 1)}', now());
  INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri")
    VALUES ('${id(n, 3)}', 'Contoso', '${n}', '${id(n, 3)}', '${id(n, 3)}', 'http://localhost');
  INSERT INTO "ClientCredential" (id, "cloudProviderId", "secretSealed", hint, "expiresAt", version, "createdByName")
    VALUES ('${id(n, 4)}', '${id(n, 3)}', 'sealed', 'abc', now(), 1, 'Ada');
  INSERT INTO "Authorization" (id, "cloudProviderId", username, "displayName", "objectId", "tenantId",
      "homeAccountId", scopes, "signedInByName")
    VALUES ('${id(n, 5)}', '${id(n, 3)}', 'a@x.test', 'A', 'o', 't', 'o.t', '{IMAP}', 'Ada');
  INSERT INTO "TokenSet" ("authorizationId", "accessTokenSealed", "accessTokenExpiresAt", "cacheSealed", "refreshDueAt")
    VALUES ('${id(n, 5)}', 'sealed', now(), 'sealed', now());
  INSERT INTO "ContactList" (id, name, "nameKey") VALUES ('${id(n, 6)}', 'List', '${n}');
  INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name)
    VALUES ('${id(n, 7)}', '${id(n, 6)}', '${n}@y.test', '${n}@y.test', 'Zoë');
  INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey", "contactListId",
      service, "modernAuthentication", username, "usernameKey", "cloudProviderId")
    VALUES ('${id(n, 8)}', 'Support', '${n}', 'SUP', '${n}', 'a@x.test', 'a@x.test', '${id(n, 6)}',
      'outlook365', true, 'a@x.test', 'a@x.test', '${id(n, 3)}');
  INSERT INTO "ConnectionTest" (id, "emailAccountId", "durationMs", verdict, "startedByName", report)
    VALUES ('${id(n, 9)}', '${id(n, 8)}', 1, 'passed', 'Ada', '{}');
  INSERT INTO "ApiKey" (id, name, "keyHash", hint, permissions, "createdByName")
    VALUES ('${id(n, 10)}', 'Motion', '${n}', 'abc', '{tokens:read}', 'Ada');
  INSERT INTO "AuditEvent" ("actorKind", "actorId", "actorName", action, "objectKind", "objectId", "objectName")
    VALUES ('user', '${n}', 'Ada', 'contact_list.create', 'contact_list', '${n}', 'List');
  UPDATE "TokenSet" SET state = 'retrying', failures = failures + 1, fence = fence + 1
    WHERE "authorizationId" = '${id(n, 5)}';
  UPDATE "EmailAccount" SET active = false, version = version + 1 WHERE id = '${id(n, 8)}';`;

const id = (n: number, what: number) =>
  `00000000-0000-4000-8000-${String(n * 100 + what).padStart(12, "0")}`;

/** The rows of each table, as far as these columns tell. */
async function rowsOf(columns: readonly string[]) {
  const rows: Record<string, unknown[]> = {};
  for (const table of new Set(columns.map(tableOf))) {
    const names = columns.filter((column) => tableOf(column) === table);
    const list = names.map((name) => `t."${name.slice(table.length + 1)}"`).join(", ");
    rows[table] = (await client.query(`SELECT ${list} FROM "${table}" t ORDER BY t::text`)).rows;
  }
  return rows;
}

const tableOf = (column: string) => column.split(".")[0] ?? "";
