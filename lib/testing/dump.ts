import { Client } from "pg";
import { ENDED_BY_RESTORE } from "@/lib/installation/backup/store";
import { pool } from "@/lib/kernel/db";

/** Runs a statement on a database that is not the test file's own. */
export async function queryAt<R extends Record<string, unknown>>(
  url: string,
  sql: string,
): Promise<R[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A hash of the rows of each table, but for those in which processes beat that still run, of this test or another. */
export async function dump(url: string): Promise<Record<string, string>> {
  const tables = await queryAt<{ name: string }>(
    url,
    `SELECT tablename AS name FROM pg_tables
      WHERE schemaname = 'public' AND tablename NOT IN ('KeeperHeartbeat', 'KeyReader') ORDER BY 1`,
  );
  const hashes = tables.map(
    ({ name }) => `SELECT '${name}' AS name,
      count(*) || ' ' || coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text)), '') AS hash
      FROM "${name}" t`,
  );
  // A database that was never used has none.
  if (hashes.length === 0) return {};
  const rows = await queryAt<{ name: string; hash: string }>(url, hashes.join(" UNION ALL "));
  // They come in any order: PostgreSQL may read several tables at once.
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash] as const).sort());
}

/** A restore changes these on purpose. */
const CHANGED_BY_RESTORE = [
  ...ENDED_BY_RESTORE,
  "AuditEvent",
  "AuditHead",
  "Installation",
  "TokenSet",
  "_prisma_migrations",
];

/** The same of those tables that a restore gives back as they were. */
export async function dumpRestorable(url: string): Promise<Record<string, string>> {
  const rows = Object.entries(await dump(url));
  return Object.fromEntries(rows.filter(([table]) => !CHANGED_BY_RESTORE.includes(table)));
}

/** Every table of the test file's own database, those of the job queue too, as the database writes their rows out. */
export async function everyTable(): Promise<{ name: string; text: string }[]> {
  const { rows } = await pool().query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const tables: { name: string; text: string }[] = [];
  for (const { name } of rows) {
    const found = await pool().query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    tables.push({ name, text: found.rows.map(({ row }) => row).join("\n") });
  }
  return tables;
}
