import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDatabase } from "@/lib/testing/database";
import { folderOfTest } from "@/lib/testing/folder";
import { beginToMigrate, kill } from "@/lib/testing/killed-migrations";
import { migrate, readMigrations } from "./migrate.mjs";
import { differenceFrom } from "./new-migration.mjs";

let folder: string;
let database: Awaited<ReturnType<typeof createDatabase>>;
const clients: Client[] = [];

beforeEach(async () => {
  folder = folderOfTest();
  database = await createDatabase({ empty: true });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await database.drop();
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
    for (const n of [1, 2, 3]) write(`${n}_table`, `CREATE TABLE t${n} (id int);`);
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

  test("of a newer version are not known, and the start is refused before anything changes", async () => {
    write("1_init", "CREATE TABLE a (id int);");
    write("3_newer", "ALTER TABLE a ADD COLUMN extra int;");
    await migrate(await connect(), folder);
    rmSync(join(folder, "3_newer"), { recursive: true });
    write("2_mine", "CREATE TABLE b (id int);");
    const client = await connect();
    await expect(migrate(client, folder)).rejects.toThrow(/newer version.*: 3_newer is not known/);
    const { rows } = await client.query("SELECT to_regclass('b') AS name");
    expect(rows).toEqual([{ name: null }]);
  });

  test("that fail leave nothing of themselves, and are tried again", async () => {
    write("1_init", "CREATE TABLE a (id int);");
    write("2_wrong", "CREATE TABLE half (id int); CREATE TABLE a (id int);");
    const client = await connect();
    await expect(migrate(client, folder)).rejects.toThrow(/2_wrong failed/);
    const half = await client.query("SELECT to_regclass('half') AS name");
    expect(half.rows).toEqual([{ name: null }]);
    expect(await recorded(client)).toMatchObject([{ migration_name: "1_init" }]);
    write("2_wrong", "CREATE TABLE half (id int);");
    expect(await migrate(await connect(), folder)).toEqual(["2_wrong"]);
  });

  test("can each be one transaction", async () => {
    const own =
      /^\s*(begin|commit|rollback|start transaction|vacuum|alter system)\b(?!$)|concurrently/im;
    for (const { name, sql } of await readMigrations("prisma/migrations"))
      expect(sql.replace(/\$\$.*?\$\$/gs, ""), name).not.toMatch(own);
  });
});

test("a process that is killed in the middle of a migration leaves nothing, and the next one applies it", async () => {
  write("1_init", "CREATE TABLE a (id int);");
  write(
    "2_slow",
    "CREATE TABLE b (id int); SELECT pg_advisory_xact_lock(42); CREATE TABLE c (id int);",
  );
  const client = await connect();
  await client.query("SELECT pg_advisory_lock(42)");
  const child = await beginToMigrate(database.url, folder);
  const waiting =
    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted";
  await expect.poll(async () => (await client.query(waiting)).rowCount).toBe(1);
  await kill(child);
  await client.query("SELECT pg_advisory_unlock(42)");
  expect(await migrate(client, folder)).toEqual(["2_slow"]);
  const { rows } = await client.query("SELECT to_regclass('b') AS b, to_regclass('c') AS c");
  expect(rows).toEqual([{ b: "b", c: "c" }]);
});

test("the migrated database is what the schema says", async () => {
  const migrated = await createDatabase();
  expect(await differenceFrom(migrated.url)).toBe("");
  await migrated.drop();
});
