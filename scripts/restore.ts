import type { Client } from "pg";
import { appendEvent } from "@/lib/audit/mutations";
import { type BackupHeader, type BackupTable, readBackup } from "@/lib/installation/backup/format";
import {
  connect,
  copyIn,
  dropEverything,
  emptyTables,
  findTables,
  inspectTarget,
  moveSequences,
  setTriggers,
  settle,
  type Target,
} from "@/lib/installation/backup/store";
import { isCanary } from "@/lib/installation/keys/store";
import { EnvError, env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { applyMigration, pendingMigrations, readMigrations } from "./migrate.mjs";

const MIGRATIONS = "prisma/migrations";

/**
 * npm run restore -- <file> [--replace]: puts a backup into an empty database, or with --replace in the
 * place of what is there. The whole file is read and checked before anything is written, and what is
 * written is one transaction.
 */
export async function restore(args: string[], directory = MIGRATIONS): Promise<void> {
  const [file, ...rest] = args.filter((argument) => argument !== "--replace");
  if (!file || rest.length > 0)
    throw new AppError(
      "invalid_request",
      "Name the backup to restore. --replace puts it in place of what is there.",
    );
  const header = await checkFile(file);
  requireKeyOf(header);
  const plan = planMigrations(header, await readMigrations(directory));
  const client = await connect();
  try {
    refuse(header, await inspectTarget(client), args.includes("--replace"));
    await client.query("BEGIN");
    await write(client, { file, header, plan });
    await client.query("COMMIT");
  } finally {
    // Before the end of the transaction this is its end too, even in the middle of a COPY.
    await client.end();
  }
  console.log(`Restored installation ${header.installationId} as of ${header.createdAt}.`);
  console.log("You can start Postkey now. Everyone must sign in again.");
}

/** Reads it to its end: a file that is cut short is found out before anything is written. */
async function checkFile(file: string): Promise<BackupHeader> {
  let header: BackupHeader | undefined;
  for await (const part of readBackup(file)) if (part.kind === "header") header = part.header;
  if (!header) throw new AppError("unprocessable", "This backup is empty.");
  return header;
}

function requireKeyOf({ canary }: BackupHeader): void {
  const { keyProblem } = env();
  if (keyProblem)
    throw new EnvError(
      `${keyProblem} Set the key that the backup was made with. Nothing was changed.`,
    );
  if (!isCanary(canary))
    throw new EnvError(
      "The encryption key does not open this backup. Set POSTKEY_KEY or POSTKEY_KEY_FILE to the key that the backup was made with. Nothing was changed.",
    );
}

type Migration = { name: string; sql: string; checksum: string };
type Plan = { before: Migration[]; after: Migration[] };

/** Those that the backup had when it was made, and those that came later. */
function planMigrations({ migrations }: BackupHeader, known: Migration[]): Plan {
  for (const { name, checksum } of migrations) {
    const ours = known.find((migration) => migration.name === name);
    if (!ours)
      throw new AppError(
        "conflict",
        `A newer version of Postkey made this backup: this version does not know the migration ${name}. Nothing was changed.`,
      );
    if (ours.checksum !== checksum)
      throw new AppError(
        "conflict",
        `The migration ${name} in this backup differs from the one in this version. Nothing was changed.`,
      );
  }
  const names = new Set(migrations.map(({ name }) => name));
  return {
    before: known.filter(({ name }) => names.has(name)),
    after: known.filter(({ name }) => !names.has(name)),
  };
}

function refuse({ installationId }: BackupHeader, target: Target, mayReplace: boolean): void {
  if (target.others > 0)
    throw new AppError(
      "conflict",
      `Other connections to this database are open (${target.others}). Stop Postkey first. Nothing was changed.`,
    );
  if (target.isEmpty || mayReplace) return;
  const whose =
    target.installationId === installationId
      ? "This database is not empty."
      : `This database holds another installation (${target.installationId}); the backup is of ${installationId}.`;
  throw new AppError(
    "conflict",
    `${whose} To replace it with the backup, add --replace. Nothing was changed.`,
  );
}

type Writing = { file: string; header: BackupHeader; plan: Plan };

async function write(client: Client, writing: Writing): Promise<void> {
  const { header, plan } = writing;
  await dropEverything(client);
  await pendingMigrations(client, []);
  for (const migration of plan.before) await applyMigration(client, migration);
  const tables = await findTables(client);
  requireSameTables(header.tables, tables);
  await setTriggers(client, tables, "DISABLE");
  await emptyTables(client, tables);
  await copyRows(client, writing);
  await setTriggers(client, tables, "ENABLE");
  await moveSequences(client);
  for (const migration of plan.after) await applyMigration(client, migration);
  await settle(client);
  await record(client, header);
}

/** Names in a file are not believed: they are those that the migrations make, or it is refused. */
function requireSameTables(theirs: BackupTable[], ours: BackupTable[]): void {
  const shape = (tables: BackupTable[]) =>
    JSON.stringify(tables.map(({ name, columns }) => [name, [...columns].sort()]).sort());
  if (shape(theirs) !== shape(ours))
    throw new AppError("conflict", "The tables in this backup do not match its version.");
}

/** The file is read for the second time: where it changed since, this throws and nothing was written. */
async function copyRows(client: Client, { file, header }: Writing): Promise<void> {
  const missing = new Map(header.tables.map((table) => [table.name, table]));
  let target: ReturnType<typeof copyIn> | undefined;
  for await (const part of readBackup(file)) {
    if (part.kind === "rows") {
      await target?.write(part.bytes);
      continue;
    }
    await target?.close();
    target = undefined;
    if (part.kind !== "table") continue;
    const table = missing.get(part.name);
    if (!table)
      throw new AppError("conflict", `This backup has an unexpected table “${part.name}”.`);
    missing.delete(part.name);
    target = copyIn(client, table);
  }
  if (missing.size > 0) throw new AppError("conflict", "This backup is missing tables.");
}

async function record(client: Client, { createdAt, installationId }: BackupHeader): Promise<void> {
  const actor = { kind: "job", id: "restore", name: "npm run restore" } as const;
  const object = { kind: "installation", id: installationId, name: "Installation" };
  const detail = { madeAt: createdAt };
  await appendEvent(runOn(client), actor, { action: "installation.restore", object, detail });
}

function runOn(client: Client) {
  return async <R>(sql: string, values: readonly unknown[]) =>
    // Each caller names the columns of its statement.
    (await client.query(sql, [...values])).rows as R[];
}
