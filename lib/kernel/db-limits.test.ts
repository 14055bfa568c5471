import { Client, type PoolClient } from "pg";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { toAppError } from "@/lib/http/problem";
import { withDatabase } from "@/lib/testing/database";
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

test("every connection has its limits", async () => {
  const { rows } = await pool().query(
    `SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout',
       'idle_in_transaction_session_timeout') ORDER BY name`,
  );
  expect(rows.map(({ setting }) => setting)).toEqual(["15000", "4000", "10000"]);
});

describe("a lock that somebody else holds", () => {
  test.each([
    ["Prisma's models", () => db().contactList.count()],
    ["a transaction", () => db().$transaction((tx) => tx.contactList.count())],
    ["the pool", () => pool().query(`SELECT count(*) FROM "ContactList"`)],
  ])("%s: ends the wait after seconds, with what to do", async (_who, work) => {
    await other.query(`BEGIN; LOCK TABLE "ContactList" IN ACCESS EXCLUSIVE MODE`);
    const error = await errorOf(work());
    expect(error).toMatchObject({ ...UNAVAILABLE, message: expect.stringContaining("busy") });
    await other.query("COMMIT");
    expect(await errorOf(work())).toBeUndefined();
  });

  test("for less than that is waited for", async () => {
    await other.query(`BEGIN; ${rename("a", "theirs")}`);
    const waiting = db().contactList.update({ where: { nameKey: "a" }, data: { name: "ours" } });
    const settled = errorOf(waiting);
    await vi.waitFor(async () => {
      const { rows } = await other.query("SELECT 1 FROM pg_locks WHERE NOT granted");
      expect(rows).not.toEqual([]);
    }, 3_000);
    await other.query("COMMIT");
    expect(await settled).toBeUndefined();
    expect(await waiting).toMatchObject({ name: "ours" });
  });
});

test("a query that takes too long is ended, and says so", async () => {
  const slow = db().$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL statement_timeout = 50`;
    await tx.$queryRaw`SELECT pg_sleep(30)::text`;
  });
  expect(await errorOf(slow)).toMatchObject(UNAVAILABLE);
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

  test.each([
    ["a query", () => db().contactList.count()],
    ["a transaction", () => db().$transaction((tx) => tx.contactList.count())],
    ["the pool", () => pool().query("SELECT 1")],
  ])("%s is refused after seconds, and nothing is left behind", async (_who, work) => {
    const all = await Promise.all(Array.from({ length: 25 }, () => errorOf(work())));
    expect(new Set(all.map((error) => toAppError(error).code))).toEqual(
      new Set(["temporarily_unavailable"]),
    );
    for (const connection of taken.splice(0)) connection.release();
    expect(await errorOf(work())).toBeUndefined();
    await vi.waitFor(() => {
      const all = pool().options.max;
      expect(pool()).toMatchObject({ totalCount: all, idleCount: all, waitingCount: 0 });
    }, 10_000);
  });

  test("whoever waits is served as soon as one is given back", async () => {
    const waiting = Promise.all(
      Array.from({ length: 25 }, () => errorOf(db().contactList.count())),
    );
    await vi.waitFor(() => expect(pool().waitingCount).toBe(25), 3_000);
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
