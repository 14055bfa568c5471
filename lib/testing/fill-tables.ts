import { Client } from "pg";
import { findTables } from "@/lib/installation/backup/store";

type Column = { name: string; type: string; target: string | null };

/** What the columns hold that a row needs: those with a reference, those of a lease, and those that may not be empty. */
const COLUMNS = `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, (
    SELECT format('(SELECT %I FROM %I LIMIT 1)', t.attname, r.relname) FROM pg_constraint c
      JOIN pg_class r ON r.oid = c.confrelid
      JOIN pg_attribute t ON t.attrelid = c.confrelid AND t.attnum = c.confkey[1]
    WHERE c.contype = 'f' AND c.conrelid = a.attrelid AND c.conkey = ARRAY[a.attnum]) AS target
  FROM pg_attribute a WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = '' AND (a.attname LIKE 'lease%' OR (NOT a.atthasdef AND a.attnotnull)
      OR EXISTS (SELECT FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = a.attrelid AND a.attnum = ANY (c.conkey)))`;

/** Writes a row into each table that has none, found from the schema. @returns the tables that it filled */
export async function fillTables(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await fill(client);
  } finally {
    await client.end();
  }
}

async function fill(client: Client): Promise<string[]> {
  const filled: string[] = [];
  for (const { name: table } of await findTables(client)) {
    const { rowCount } = await client.query(`SELECT 1 FROM "${table}" LIMIT 1`);
    if (rowCount) continue;
    const { rows } = await client.query<Column>(COLUMNS, [`"${table}"`]);
    const names = rows.map(({ name }) => `"${name}"`).join(", ");
    const values = rows.map(({ type, target }) => target ?? anyOf(type)).join(", ");
    await client.query(`INSERT INTO "${table}" (${names}) VALUES (${values})`);
    filled.push(table);
  }
  return filled;
}

function anyOf(type: string): string {
  if (type.endsWith("[]")) return "'{}'";
  if (type === "uuid") return "gen_random_uuid()";
  if (type.startsWith("timestamp")) return "now() + interval '1 hour'";
  if (/^(integer|bigint|double|smallint)/.test(type)) return "1";
  if (type === "boolean") return "false";
  if (type === "bytea") return "''";
  return type.startsWith("json") ? "'{}'" : "gen_random_uuid()::text";
}
