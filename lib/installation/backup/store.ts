import { once } from "node:events";
import { finished } from "node:stream/promises";
import type { Client } from "pg";
import { from, to } from "pg-copy-streams";
import { createConnection } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { words } from "@/lib/kernel/words";
import { type BackupHeader, type BackupTable, FORMAT_VERSION } from "./format";

/** Copying takes longer than the pool allows. */
export async function connect(): Promise<Client> {
  const client = createConnection();
  await client.connect();
  // Both servers must write and read values alike.
  await client.query(
    "SET client_encoding = 'UTF8'; SET datestyle = 'ISO'; SET timezone = 'UTC'; SET statement_timeout = 0",
  );
  return client;
}

/** Until the end of the transaction. */
export async function beginSnapshot(client: Client): Promise<void> {
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

export async function readHeader(client: Client): Promise<BackupHeader> {
  const [found] = (
    await client.query<{ installationId: string; canary: string | null; now: Date }>(
      `SELECT i."installationId", k.sealed AS canary, now() AS now
       FROM "Installation" i LEFT JOIN "KeyCanary" k ON k.id = 1 WHERE i.id = 1`,
    )
  ).rows;
  if (!found?.canary)
    throw new AppError("conflict", "Nothing was ever stored here: start Postkey once.");
  const { rows: migrations } = await client.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return {
    format: "postkey-backup",
    version: FORMAT_VERSION,
    installationId: found.installationId,
    createdAt: found.now.toISOString(),
    migrations,
    canary: found.canary,
    tables: await findTables(client),
  };
}

export async function findTables(client: Client): Promise<BackupTable[]> {
  const { rows } = await client.query<BackupTable & { refersTo: string[] }>(
    `SELECT t.relname AS name,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '')
        AS columns,
       ARRAY(SELECT r.relname::text FROM pg_constraint c JOIN pg_class r ON r.oid = c.confrelid
        WHERE c.conrelid = t.oid AND c.contype = 'f' AND c.confrelid <> t.oid) AS "refersTo"
     FROM pg_class t
     WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace
       AND t.relname <> '_prisma_migrations'
     ORDER BY t.relname`,
  );
  const ordered: BackupTable[] = [];
  const has = (name: string) => ordered.some((table) => table.name === name);
  for (let waiting = rows; waiting.length > 0; ) {
    const ready = waiting.filter(({ refersTo }) => refersTo.every(has));
    if (ready.length === 0) throw new Error("Tables refer to each other in a circle.");
    ordered.push(...ready.map(({ name, columns }) => ({ name, columns })));
    waiting = waiting.filter(({ name }) => !has(name));
  }
  return ordered;
}

export async function* copyOut(client: Client, tables: readonly BackupTable[]) {
  for (const table of tables)
    yield {
      table,
      rows: client.query(to(`COPY ${spelled(table)} TO STDOUT`)) as AsyncIterable<Buffer>,
    };
}

export function copyIn(client: Client, table: BackupTable) {
  const stream = client.query(from(`COPY ${spelled(table)} FROM STDIN`));
  const end = finished(stream);
  end.catch(() => {}); // the writes and the close report it
  return {
    async write(bytes: Buffer): Promise<void> {
      if (!stream.write(bytes)) await Promise.race([once(stream, "drain"), end]);
    },
    async close(): Promise<void> {
      stream.end();
      await end;
    },
  };
}

function spelled({ name, columns }: BackupTable): string {
  return `${quoted(name)} (${columns.map(quoted).join(", ")})`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export type Target = {
  /** Null for an unused database. */
  installationId: string | null;
  isEmpty: boolean;
  /** Other connections mean that it is in use. */
  others: number;
};

/** Losing these costs nothing. */
const MADE_BY_A_START: readonly string[] = words(
  "Installation KeyCanary SetupLink KeeperHeartbeat KeyReader Event",
);

export async function inspectTarget(client: Client): Promise<Target> {
  const tables = await findTables(client);
  const others = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  const candidates = tables.filter(({ name }) => !MADE_BY_A_START.includes(name));
  let isEmpty = true;
  for (const { name } of candidates) isEmpty &&= !(await isFilled(client, name));
  return {
    installationId: tables.some(({ name }) => name === "Installation")
      ? await readInstallationId(client)
      : null,
    isEmpty,
    others: others.rows[0]?.count ?? 0,
  };
}

async function isFilled(client: Client, table: string): Promise<boolean> {
  // Ends: Whether there is one.
  const { rows } = await client.query(`SELECT 1 FROM ${quoted(table)} LIMIT 1`);
  return rows.length > 0;
}

async function readInstallationId(client: Client): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT "installationId" AS id FROM "Installation"`,
  );
  return rows[0]?.id ?? null;
}

/** Other people's jobs too: their rows will differ. */
export async function dropEverything(client: Client): Promise<void> {
  await client.query("DROP SCHEMA IF EXISTS pgboss CASCADE");
  await client.query("DROP SCHEMA public CASCADE");
  await client.query("CREATE SCHEMA public");
}

/** Rows must come back unchanged. */
export async function setTriggers(
  client: Client,
  tables: readonly BackupTable[],
  state: "ENABLE" | "DISABLE",
): Promise<void> {
  for (const { name } of tables)
    await client.query(`ALTER TABLE ${quoted(name)} ${state} TRIGGER USER`);
}

export async function emptyTables(client: Client, tables: readonly BackupTable[]): Promise<void> {
  if (tables.length > 0)
    await client.query(`TRUNCATE ${tables.map(({ name }) => quoted(name)).join(", ")}`);
}

/** The next id follows the last one restored. */
export async function moveSequences(client: Client): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `SELECT t.relname AS table, a.attname AS column FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
     WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace AND a.attnum > 0
       AND NOT a.attisdropped AND pg_get_serial_sequence(quote_ident(t.relname), a.attname) IS NOT NULL`,
  );
  for (const { table, column } of rows)
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), coalesce(max(${quoted(column)}), 1), count(*) > 0)
       FROM ${quoted(table)}`,
      [quoted(table), column],
    );
}

/** Processes and signed-in people of the time of the backup. */
export const ENDED_BY_RESTORE = words(
  "Session PendingSignIn PasskeyChallenge AuthorizationRequest MailboxLease MailboxPlace",
  "DeviceGateway KeeperHeartbeat KeyReader",
);

/** Open links may have been used or revoked since: they expire, and their mails are not sent. */
export async function settle(client: Client): Promise<void> {
  await client.query(`
    UPDATE "Installation" SET "restoredAt" = now();
    ${ENDED_BY_RESTORE.map((table) => `DELETE FROM ${quoted(table)};`).join(" ")}
    DELETE FROM "SetupLink" WHERE "invitedByName" IS NULL;
    UPDATE "SetupLink" SET "expiresAt" = least("expiresAt", now());
    UPDATE "PasswordLink" SET "expiresAt" = least("expiresAt", now());
    UPDATE "SignInLink" SET "expiresAt" = least("expiresAt", now());
    UPDATE "TestRun" SET "cancelledAt" = now() WHERE "finishedAt" IS NULL AND "cancelledAt" IS NULL;
    UPDATE "Letter" SET state = 'void', "textSealed" = NULL WHERE state = 'waiting';`);
  // A lease holder of the copied database must save nothing here.
  const { rows } = await client.query<{ table: string; changes: string }>(
    `SELECT table_name AS table, string_agg(CASE column_name WHEN 'fence' THEN 'fence = fence + 1'
       ELSE quote_ident(column_name) || ' = NULL' END, ', ') AS changes
     FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name IN ('leaseOwner', 'leaseUntil', 'fence')
       AND table_name <> ALL ($1)
     GROUP BY table_name`,
    [ENDED_BY_RESTORE],
  );
  for (const { table, changes } of rows)
    await client.query(`UPDATE ${quoted(table)} SET ${changes}`);
}
