import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDatabase } from "@/lib/testing/database";
import { either } from "@/lib/testing/long";
import { migrate, readMigrations } from "./migrate.mjs";

/** `npm run test:long` asks for more. */
const KILLS = either({ short: 8, long: 50 });

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
    expect(await recorded(client)).toMatchObject([
      { migration_name: "1_init", finished_at: expect.any(Date) },
      { migration_name: "2_wrong", finished_at: null },
    ]);
    await expect(migrate(await connect(), folder)).rejects.toThrow(/2_wrong failed.*resolve/);
    write("2_wrong", "CREATE TABLE half (id int);");
    expect(await migrate(await connect(), folder)).toEqual(["2_wrong"]);
  });

  test("that somebody else began and did not finish are applied from their beginning", async () => {
    write("1_init", "CREATE TABLE a (id int);");
    const client = await connect();
    await migrate(client, folder);
    write("2_more", "CREATE TABLE b (id int);");
    // What Prisma's own command leaves behind when it is killed.
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'y', '2_more')`,
    );
    expect(await migrate(client, folder)).toEqual(["2_more"]);
    expect(await migrate(client, folder)).toEqual([]);
  });

  test("can each be one transaction", async () => {
    const own =
      /^\s*(begin|commit|rollback|start transaction|vacuum|alter system)\b(?!$)|concurrently/im;
    for (const { name, sql } of await readMigrations("prisma/migrations"))
      expect(sql.replace(/\$\$.*?\$\$/gs, ""), name).not.toMatch(own);
  });
});

describe("a process that migrates and is killed", () => {
  const program = `
    import pg from "pg";
    import { migrate } from "./scripts/migrate.mjs";
    const client = new pg.Client({ connectionString: process.argv[1] });
    await client.connect();
    console.log("begins");
    await migrate(client, process.argv[2]);
    await client.end();`;
  const begin = async (directory: string) => {
    const args = ["--input-type=module", "-e", program, database.url, directory];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    return child;
  };
  const kill = async (child: ChildProcess) => {
    const gone = child.exitCode === null && child.signalCode === null ? once(child, "exit") : null;
    child.kill("SIGKILL");
    await gone;
  };

  test("in the middle of a migration leaves nothing, and the next one applies it", async () => {
    write("1_init", "CREATE TABLE a (id int);");
    write("2_slow", "CREATE TABLE b (id int); SELECT pg_sleep(2); CREATE TABLE c (id int);");
    const child = await begin(folder);
    const client = await connect();
    await vi.waitFor(async () => {
      const { rows } = await client.query("SELECT to_regclass('a') AS name");
      expect(rows).toEqual([{ name: "a" }]);
    }, 5_000);
    await kill(child);
    expect(await migrate(client, folder)).toEqual(["2_slow"]);
    const { rows } = await client.query("SELECT to_regclass('b') AS b, to_regclass('c') AS c");
    expect(rows).toEqual([{ b: "b", c: "c" }]);
  });

  test("at any moment of the real migrations needs no repair, alone or in company", async () => {
    const client = await connect();
    for (let round = 0; round < KILLS; round += 1) {
      const children = await Promise.all([begin("prisma/migrations"), begin("prisma/migrations")]);
      await sleep(round * 12);
      await Promise.all(children.map(kill));
    }
    await migrate(client, "prisma/migrations");
    const names = (await readMigrations("prisma/migrations")).map(({ name }) => name);
    const finished = (await recorded(client)).filter(({ finished_at }) => finished_at !== null);
    expect(finished.map(({ migration_name }) => migration_name)).toEqual(names);
    const other = await createDatabase();
    const clean = new Client({ connectionString: other.url });
    await clean.connect();
    const shape = `SELECT table_name, column_name, data_type FROM information_schema.columns
      WHERE table_schema = 'public' ORDER BY 1, 2`;
    const [mended, untouched] = [await client.query(shape), await clean.query(shape)];
    await clean.end();
    await other.drop();
    expect(mended.rows).toEqual(untouched.rows);
  }, 120_000);
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
