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
const MEANT: Readonly<Record<string, readonly string[]>> = {};

const tableOf = (column: string) => column.split(".")[0] ?? "";
