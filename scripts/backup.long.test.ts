import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { isKeyRight } from "@/lib/installation/keys/store";
import { pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { administrator } from "@/lib/testing/actors";
import { startBundle } from "@/lib/testing/bundle-process";
import { createDatabase, withDatabase } from "@/lib/testing/database";
import { dump, queryAt } from "@/lib/testing/dump";
import { fillTables } from "@/lib/testing/fill-tables";
import { folderOfFile } from "@/lib/testing/folder";
import { bundle } from "./build.mjs";

withDatabase();
const BUILD = ".build/test-backup";
let key: string;
let source: string;
const folder = folderOfFile();
const databases: { url: string; drop(): Promise<void> }[] = [];

beforeAll(async () => {
  key = env().keyring.current.bytes.toString("base64");
  source = env().databaseUrl;
  await isKeyRight();
  const list = await createContactList(administrator(), { name: "Many" });
  await pool().query(
    `INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name)
     SELECT gen_random_uuid(), $1, n || '@x.test', n || '@x.test', 'X' FROM generate_series(1, 20000) n`,
    [list.id],
  );
  await fillTables(source);
  await bundle({ operate: "scripts/operate.ts" }, BUILD);
}, 60_000);
afterEach(async () => {
  for (const { drop } of databases.splice(0)) await drop();
});
afterAll(() => rmSync(BUILD, { recursive: true, force: true }));

const operate = (args: string[], databaseUrl: string) =>
  startBundle(`${BUILD}/operate.mjs`, args, { DATABASE_URL: databaseUrl, POSTKEY_KEY: key });

async function untilItRuns(sql: string, runs: (rows: { query: string }[]) => boolean) {
  const outside = new URL(source);
  outside.pathname = "/postgres";
  const client = new Client({ connectionString: outside.href });
  await client.connect();
  try {
    while (!runs((await client.query(sql)).rows));
  } finally {
    await client.end();
  }
}

test("a backup whose process is killed has no name yet, and is made again", async () => {
  const file = join(folder, "killed");
  const { child, ended } = operate(["backup", file], source);
  await expect
    .poll(() => existsSync(`${file}.partial`), { timeout: 30_000, interval: 1 })
    .toBe(true);
  child.kill("SIGKILL");
  expect(await ended).toMatchObject({ code: null });
  expect(existsSync(file)).toBe(false);
  expect(await operate(["backup", file], source).ended).toMatchObject({ code: 0 });
  expect(existsSync(`${file}.partial`)).toBe(false);
}, 60_000);

test.each([
  ["while it clears the place", /^DROP|CREATE TABLE|^COPY/],
  ["while rows come in", /^COPY|ENABLE TRIGGER/],
  ["at its end", /ENABLE TRIGGER|setval|restoredAt|AuditEvent/],
])(
  "a restore that is killed %s leaves what was there, or is complete",
  async (_when, statement) => {
    const file = join(folder, "whole");
    if (!existsSync(file)) await operate(["backup", file], source).ended;
    const whole = await dumpRestored(file);
    const database = await createDatabase();
    databases.push(database);
    const { url } = database;
    const activity = `SELECT query FROM pg_stat_activity
      WHERE datname = '${new URL(url).pathname.slice(1)}' AND xact_start IS NOT NULL`;
    for (let isKilled = false; !isKilled; ) {
      await queryAt(url, `DELETE FROM "Contact"; DELETE FROM "ContactList"`);
      const before = await dump(url);
      const { child, ended } = operate(["restore", file, "--replace"], url);
      await untilItRuns(
        activity,
        (rows) => child.exitCode !== null || rows.some(({ query }) => statement.test(query)),
      );
      child.kill("SIGKILL");
      isKilled = (await ended).code === null;
      await settle(url);
      const after = await dump(url);
      if (after.ContactList === before.ContactList) expect(after).toEqual(before);
      else expect(after).toMatchObject(whole);
    }
    expect(await operate(["restore", file, "--replace"], url).ended).toMatchObject({ code: 0 });
    expect(await dump(url)).toMatchObject(whole);
  },
  120_000,
);

/** The tables that a restore nobody kills gives back as they were. */
async function dumpRestored(file: string): Promise<Record<string, string>> {
  const database = await createDatabase({ empty: true });
  databases.push(database);
  expect(await operate(["restore", file], database.url).ended).toMatchObject({ code: 0 });
  const before = await dump(source);
  const same = Object.entries(await dump(database.url)).filter(
    ([name, rows]) => rows === before[name],
  );
  expect(same.length).toBeGreaterThan(30);
  return Object.fromEntries(same);
}

/** The server notices that a client was killed when it writes to it next. */
function settle(url: string) {
  const others = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;
  return expect.poll(() => queryAt(url, others), { timeout: 30_000 }).toEqual([]);
}
