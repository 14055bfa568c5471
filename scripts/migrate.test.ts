import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDatabase } from "@/lib/testing/database";
import { migrate } from "./migrate.mjs";

const run = promisify(execFile);
let folder: string;
let database: Awaited<ReturnType<typeof createDatabase>>;
const clients: Client[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "postkey-migrations-"));
  database = await createDatabase({ empty: true });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  clients.push(client);
  return client;
}

function write(name: string, sql: string): void {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, "migration.sql"), sql);
}

const recorded = async (client: Client) =>
  (await client.query("SELECT migration_name, finished_at FROM _prisma_migrations ORDER BY 1"))
    .rows;

describe("migrations", () => {
  test("are applied in order, once", async () => {
    write("2_rename", "ALTER TABLE a RENAME TO b;");
    write("1_init", "CREATE TABLE a (id int); INSERT INTO a VALUES (1);");
    const client = await connect();
    expect(await migrate(client, folder)).toEqual(["1_init", "2_rename"]);
    expect(await migrate(client, folder)).toEqual([]);
    expect((await client.query("SELECT * FROM b")).rows).toEqual([{ id: 1 }]);
  });

  test("are applied by one of several that start together", async () => {
    cpSync("prisma/migrations", folder, { recursive: true });
    const starters = await Promise.all([connect(), connect(), connect()]);
    const applied = await Promise.all(starters.map((client) => migrate(client, folder)));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  });

  test("that were edited after they were applied are refused", async () => {
    write("1_init", "CREATE TABLE a (id int);");
    const client = await connect();
    await migrate(client, folder);
    write("1_init", "CREATE TABLE a (id bigint);");
    await expect(migrate(client, folder)).rejects.toThrow(/1_init was edited/);
    write("1_init", "CREATE TABLE a (id int);");
    expect(await migrate(client, folder)).toEqual([]);
  });

  test("that fail leave nothing of themselves, and are not passed over afterwards", async () => {
    write("1_init", "CREATE TABLE a (id int);");
    write("2_wrong", "CREATE TABLE half (id int); CREATE TABLE a (id int);");
    const client = await connect();
    await expect(migrate(client, folder)).rejects.toThrow(/2_wrong failed/);
    const half = await client.query("SELECT to_regclass('half') AS name");
    expect(half.rows).toEqual([{ name: null }]);
    expect(await recorded(client)).toMatchObject([
      { migration_name: "1_init", finished_at: expect.any(Date) },
      { migration_name: "2_wrong", finished_at: null },
    ]);
    await expect(migrate(await connect(), folder)).rejects.toThrow(/half-way: 2_wrong/);
  });
});

describe("Prisma's own command", () => {
  const prisma = (...args: string[]) => {
    const env = { ...process.env, DATABASE_URL: database.url };
    return run("node_modules/.bin/prisma", args, { env }).then(
      ({ stdout }) => ({ code: 0, text: stdout }),
      ({ code, stdout, stderr }) => ({ code, text: `${stdout}${stderr}` }),
    );
  };
  const to = ["--to-schema", "prisma/schema.prisma", "--exit-code"];

  test("finds no difference between the migrated database and the schema", async () => {
    await migrate(await connect(), "prisma/migrations");
    const diff = await prisma("migrate", "diff", "--from-config-datasource", ...to);
    expect(diff, diff.text).toMatchObject({ code: 0 });
  }, 60_000);

  test("would find one", async () => {
    await migrate(await connect(), "prisma/migrations");
    await (await connect()).query('ALTER TABLE "Event" ADD COLUMN extra int');
    const diff = await prisma("migrate", "diff", "--from-config-datasource", ...to);
    expect(diff, diff.text).toMatchObject({ code: 2 });
  }, 60_000);
});
