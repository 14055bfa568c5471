import { Client, type PoolClient } from "pg";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { toAppError } from "@/lib/http/problem";
import { withDatabase } from "@/lib/testing/database";
import { forgetSingletons } from "@/lib/testing/singletons";
import { translateDatabaseError } from "./database-errors";
import { db, pool, serializable } from "./db";
import { env } from "./env";

withDatabase();

const errorOf = (work: Promise<unknown>) => work.then(() => undefined, translateDatabaseError);
const UNAVAILABLE = { code: "temporarily_unavailable" };

/** Another program on the same database, which keeps to none of our limits. */
let other: Client;

beforeEach(async () => {
  other = new Client({ connectionString: env().databaseUrl });
  await other.connect();
  await other.query(`DELETE FROM "ContactList"`);
  for (const name of ["a", "b"]) await db().contactList.create({ data: list(name) });
});
afterEach(() => other.end());

const list = (nameKey: string) => ({ name: nameKey, nameKey });
const rename = (nameKey: string, name: string) =>
  `UPDATE "ContactList" SET name = '${name}' WHERE "nameKey" = '${nameKey}'`;

async function beginAnew(): Promise<void> {
  await db().$disconnect();
  await pool().end();
  forgetSingletons();
}

/** Connections wait so long for a lock from now on. */
const withLockTimeout = async (ms: number) => {
  await beginAnew();
  Object.assign(pool().options, { lock_timeout: ms });
};

test("every connection has its limits", async () => {
  const { rows } = await pool().query(
    `SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout',
       'idle_in_transaction_session_timeout') ORDER BY name`,
  );
  expect(rows.map(({ setting }) => setting)).toEqual(["15000", "4000", "10000"]);
});

const ways = [
  () => db().contactList.count(),
  () => db().$transaction((tx) => tx.contactList.count()),
  () => pool().query(`SELECT count(*) FROM "ContactList"`),
];

test("a lock that another program holds ends the wait, with what to do, and is waited for if it goes before", async () => {
  await withLockTimeout(1_000);
  await other.query(`BEGIN; LOCK TABLE "ContactList" IN ACCESS EXCLUSIVE MODE`);
  for (const error of await Promise.all(ways.map((work) => errorOf(work()))))
    expect(error).toMatchObject({ ...UNAVAILABLE, message: expect.stringContaining("busy") });
  await other.query("COMMIT");
  for (const work of ways) expect(await errorOf(work())).toBeUndefined();

  await withLockTimeout(30_000);
  await other.query(`BEGIN; ${rename("a", "theirs")}`);
  const waiting = db().contactList.update({ where: { nameKey: "a" }, data: { name: "ours" } });
  const settled = errorOf(waiting);
  const locks = () => other.query("SELECT 1 FROM pg_locks WHERE NOT granted");
  await expect.poll(async () => (await locks()).rowCount).toBe(1);
  await other.query("COMMIT");
  expect(await settled).toBeUndefined();
  expect(await waiting).toMatchObject({ name: "ours" });
  await beginAnew();
});

test("a query that takes too long is ended, and says so", async () => {
  const connection = await pool().connect();
  await connection.query("SET statement_timeout = 50");
  expect(await errorOf(connection.query("SELECT pg_sleep(30)"))).toMatchObject(UNAVAILABLE);
  connection.release(true);
});

describe("when every connection of the pool is in use", () => {
  let taken: PoolClient[];

  beforeEach(async () => {
    taken = await Promise.all(Array.from({ length: pool().options.max }, () => pool().connect()));
  });
  afterEach(() => {
    for (const connection of taken.splice(0)) connection.release();
  });

  test("a query, a transaction and the pool are refused, and nothing is left behind", async () => {
    expect(pool().options.connectionTimeoutMillis).toBe(5_000);
    pool().options.connectionTimeoutMillis = 300;
    const works = ways.flatMap((work) => Array.from({ length: 10 }, () => work));
    const all = await Promise.all(works.map((work) => errorOf(work())));
    expect(new Set(all.map((error) => toAppError(error).code))).toEqual(
      new Set(["temporarily_unavailable"]),
    );
    pool().options.connectionTimeoutMillis = 5_000;
    for (const connection of taken.splice(0)) connection.release();
    for (const work of ways) expect(await errorOf(work())).toBeUndefined();
    const { max } = pool().options;
    const counts = () => [pool().totalCount, pool().idleCount, pool().waitingCount];
    await expect.poll(counts).toEqual([max, max, 0]);
  });

  test("a waiting request is served as soon as one is given back", async () => {
    const waiting = Promise.all(
      Array.from({ length: 25 }, () => errorOf(db().contactList.count())),
    );
    await expect.poll(() => pool().waitingCount).toBe(25);
    taken.pop()?.release();
    expect(new Set(await waiting)).toEqual(new Set([undefined]));
  });
});

describe("a serializable transaction", () => {
  /** Loses against a faster writer, this many times. */
  function meeting(times: number) {
    let attempts = 0;
    const work = serializable(async (tx) => {
      attempts += 1;
      await tx.contactList.count();
      if (attempts <= times) await other.query(rename("a", `theirs ${attempts}`));
      await tx.contactList.update({ where: { nameKey: "a" }, data: { name: "ours" } });
    });
    return errorOf(work).then((error) => ({ attempts, error }));
  }
  const name = async () =>
    (await other.query(`SELECT name FROM "ContactList" ORDER BY "nameKey"`)).rows;

  test("that meets another is repeated, at most ten times", async () => {
    // Of each pause before it is repeated the least.
    const chance = vi.spyOn(Math, "random").mockReturnValue(0);
    onTestFinished(() => chance.mockRestore());
    expect(await meeting(3)).toEqual({ attempts: 4, error: undefined });
    expect(await name()).toEqual([{ name: "ours" }, { name: "b" }]);
    expect(await meeting(99)).toMatchObject({ attempts: 11, error: UNAVAILABLE });
    expect(await name()).toEqual([{ name: "theirs 11" }, { name: "b" }]);
  });

  test("in a deadlock is the one that is repeated", async () => {
    await other.query("SET deadlock_timeout = '1min'"); // it is not the one that gives way
    let attempts = 0;
    let theirs: Promise<unknown> = Promise.resolve();
    await serializable(async (tx) => {
      attempts += 1;
      await theirs;
      await tx.contactList.update({ where: { nameKey: "a" }, data: { name: "ours" } });
      if (attempts === 1) {
        await other.query(`BEGIN; ${rename("b", "theirs")}`);
        theirs = other.query(rename("a", "theirs")).then(() => other.query("COMMIT"));
      }
      await tx.contactList.update({ where: { nameKey: "b" }, data: { name: "ours" } });
    });
    expect(attempts).toBeGreaterThan(1);
    expect(await name()).toEqual([{ name: "ours" }, { name: "ours" }]);
  });
});

test("a deadlock of any other transaction writes nothing, and may be tried again", async () => {
  await other.query(`SET deadlock_timeout = '1min'; BEGIN; ${rename("b", "theirs")}`);
  let theirs: Promise<unknown> = Promise.resolve();
  const ours = db().$transaction(async (tx) => {
    await tx.contactList.update({ where: { nameKey: "a" }, data: { name: "ours" } });
    theirs = other.query(rename("a", "theirs")).then(() => other.query("COMMIT"));
    await tx.contactList.update({ where: { nameKey: "b" }, data: { name: "ours" } });
  });
  expect(await errorOf(ours)).toMatchObject(UNAVAILABLE);
  await theirs;
  expect(await db().contactList.count({ where: { name: "theirs" } })).toBe(2);
});

test("a connection that dies while it is held fails its next statement, and nothing else", async () => {
  const held = await pool().connect();
  const { rows } = await held.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const ended = new Promise((done) => held.once("end", done));
  await pool().query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
  await ended;
  await expect(held.query("SELECT 1")).rejects.toThrow();
  held.release(true);
  expect((await pool().query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
});
