// Applies prisma/migrations in order and records them as `prisma migrate deploy` does: the same table, sha256 of the
// file and advisory lock (docs/decisions/010-own-migration-runner.md).
import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const PRISMA_LOCK = 72707369;

const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/**
 * Each migration is one transaction together with its record: killed half-way it leaves nothing, and is
 * simply applied by the next start. Of several that start together one applies, the others wait.
 *
 * @param {import("pg").Client} client one connection, not a pool: the advisory lock is the session's
 * @param {string} directory
 * @returns {Promise<string[]>} the names of the migrations that were applied
 */
export async function migrate(client, directory) {
  await client.query(`SELECT pg_advisory_lock(${PRISMA_LOCK})`);
  try {
    const pending = await pendingMigrations(client, await readMigrations(directory));
    for (const migration of pending) await applyInTransaction(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${PRISMA_LOCK})`).catch(() => {});
  }
}

/**
 * @param {string} directory
 * @returns {Promise<{ name: string, sql: string, checksum: string }[]>} in the order of their names
 */
export async function readMigrations(directory) {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/**
 * Those of the migrations that this database does not have yet.
 * @throws when one was edited after it was applied, or when a newer version was here
 */
export async function pendingMigrations(client, migrations) {
  await client.query(CREATE_TABLE);
  const { rows } = await client.query(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
     WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL`,
  );
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  const edited = migrations.find(
    ({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum,
  );
  if (edited)
    throw new Error(`The migration ${edited.name} was edited after this database had applied it.`);
  const known = new Set(migrations.map(({ name }) => name));
  const newer = [...applied.keys()].find((name) => !known.has(name));
  if (newer)
    throw new Error(
      `A newer version of Postkey has used this database: ${newer} is not known here. Nothing was changed; start that version, or restore a backup that was made with this one`,
    );
  return migrations.filter(({ name }) => !applied.has(name));
}

async function applyInTransaction(client, migration) {
  try {
    await client.query("BEGIN");
    await applyMigration(client, migration);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw new Error(`The migration ${migration.name} failed: ${error.message}`, { cause: error });
  }
}

export async function applyMigration(client, { name, sql, checksum }) {
  await client.query(sql);
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, clock_timestamp(), 1)`,
    [randomUUID(), checksum, name],
  );
}
