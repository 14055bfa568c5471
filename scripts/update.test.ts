import { Client } from "pg";
import { expect, test } from "vitest";
import { createDatabase } from "@/lib/testing/database";
import { applyMigration, pendingMigrations, readMigrations } from "./migrate.mjs";

const MIGRATIONS = "prisma/migrations";
let client: Client;

test("an update takes nothing away, and asks for nothing that the version before does not write", async () => {
  const database = await createDatabase({ empty: true });
  client = new Client({ connectionString: database.url });
  await client.connect();
  await pendingMigrations(client, []);
  for (const migration of await readMigrations(MIGRATIONS)) {
    const before = await shapeOf();
    await applyMigration(client, migration);
    const found = breaks(before, await shapeOf()).sort();
    expect(found, migration.name).toEqual([...(MEANT[migration.name] ?? [])].sort());
  }
  await client.end();
  await database.drop();
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
  // rows read the same.
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

const tableOf = (column: string) => column.split(".")[0] ?? "";
