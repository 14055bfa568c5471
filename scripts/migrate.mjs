// Applies prisma/migrations in order and records them exactly as `prisma migrate deploy` does (same
// table, same sha256 of the file, same advisory lock), so that both can be used on one database and
// the product needs no Prisma CLI at run time.
import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const PRISMA_LOCK = 72707369;

const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/**
 * @param {import("pg").Client} client one connection, not a pool: the advisory lock is the session's
 * @param {string} directory
 * @returns {Promise<string[]>} the names of the migrations that were applied
 */
export async function migrate(client, directory) {
  await client.query(`SELECT pg_advisory_lock(${PRISMA_LOCK})`);
  try {
    await client.query(CREATE_TABLE);
    const recorded = await recordedMigrations(client);
    const applied = [];
    for (const name of await migrationNames(directory)) {
      const sql = await readFile(join(directory, name, "migration.sql"), "utf8");
      const checksum = createHash("sha256").update(sql).digest("hex");
      if (!recorded.has(name)) {
        await apply(client, { name, sql, checksum });
        applied.push(name);
      } else if (recorded.get(name) !== checksum)
        throw new Error(`The migration ${name} was edited after this database had applied it.`);
    }
    return applied;
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${PRISMA_LOCK})`).catch(() => {});
  }
}

async function recordedMigrations(client) {
  const { rows } = await client.query(
    "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
  );
  const unfinished = rows.filter((row) => !row.finished_at).map((row) => row.migration_name);
  if (unfinished.length > 0)
    throw new Error(
      `These migrations failed half-way: ${unfinished.join(", ")}. Repair the database, then run: npm run db -- prisma migrate resolve --rolled-back <name>`,
    );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

async function migrationNames(directory) {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function apply(client, { name, sql, checksum }) {
  const id = randomUUID();
  await client.query(
    "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)",
    [id, checksum, name],
  );
  try {
    // The simple protocol runs the whole script in one implicit transaction.
    await client.query(sql);
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    await client.query("UPDATE _prisma_migrations SET logs = $2 WHERE id = $1", [
      id,
      String(error),
    ]);
    throw new Error(`The migration ${name} failed: ${error.message}`, { cause: error });
  }
  await client.query(
    "UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1",
    [id],
  );
}
