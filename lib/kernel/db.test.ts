import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toAppError } from "@/lib/http/problem";
import { classifyNetworkError } from "@/lib/oauth/oauth-failure";
import { breakDatabase, setReadOnly, withDatabase } from "@/lib/testing/database";
import { forgetSingletons } from "@/lib/testing/singletons";
import { translateDatabaseError } from "./database-errors";
import { db, pool } from "./db";
import { AppError } from "./errors";

withDatabase();

const errorOf = (work: Promise<unknown>) => work.then(() => undefined, translateDatabaseError);
const UNAVAILABLE = { code: "temporarily_unavailable" };

/** A statement in every way that the product sends one. */
const waysOf = (sql: string): [string, () => Promise<unknown>][] => [
  ["Prisma", () => db().$queryRawUnsafe(sql)],
  ["a transaction", () => db().$transaction((tx) => tx.$queryRawUnsafe(sql))],
  ["the pool", () => pool().query(sql)],
];

test.each([...waysOf("SELECT 1"), ["Prisma's models", () => db().administrator.count()] as const])(
  "%s: a server that is down is temporarily unavailable, and used again when it is back",
  async (_who, work) => {
    const mend = await breakDatabase(pool());
    expect(await errorOf(work())).toMatchObject(UNAVAILABLE);
    mend();
    expect(await errorOf(work())).toBeUndefined();
  },
);

/** A statement that ends its own connection, as a restart of the server does to all of them. */
test.each(waysOf("SELECT pg_terminate_backend(pg_backend_pid())"))(
  "%s: a connection that ends under a query is temporarily unavailable",
  async (_who, work) => {
    expect(await errorOf(work())).toMatchObject(UNAVAILABLE);
  },
);

describe("another server that does not answer is not the database", () => {
  const dial = (host: string) =>
    new Promise<Error>((done) => connect({ host, port: 1 }).once("error", done));

  test.each(["127.0.0.1", "nowhere.invalid"])("%s", async (host) => {
    const error = await dial(host);
    expect(error).toMatchObject({ code: expect.stringMatching(/^E\w+$/) });
    expect(translateDatabaseError(error)).toBe(error);
    const failure = classifyNetworkError("ECONNREFUSED", error);
    expect(translateDatabaseError(failure)).toBe(failure);
    const told = new AppError("conflict", "The address cannot be reached.", { cause: failure });
    expect(toAppError(told)).toBe(told);
  });

  test("also while the database is away", async () => {
    const mend = await breakDatabase(pool());
    expect(await errorOf(pool().query("SELECT 1"))).toMatchObject(UNAVAILABLE);
    const error = await dial("127.0.0.1");
    expect(translateDatabaseError(error)).toBe(error);
    mend();
  });
});

describe("a database that is read-only", () => {
  const data = { email: "bob@contoso.test", name: "Bob", passwordHash: "-" };
  beforeAll(() => setReadOnly(pool(), true));
  afterAll(() => setReadOnly(pool(), false));

  test.each([
    ...waysOf(`INSERT INTO "KeyCanary" (id, sealed) VALUES (7, '-')`),
    ["Prisma's models", () => db().administrator.create({ data })] as const,
  ])("%s: a write is temporarily unavailable, and a read is answered", async (_who, work) => {
    const readOnly = { ...UNAVAILABLE, message: expect.stringContaining("read-only") };
    expect(await errorOf(work())).toMatchObject(readOnly);
    expect(await db().keyCanary.count({ where: { id: 7 } })).toBe(0);
  });
});

test("a connection whose server takes no writes any more is not used again", async () => {
  const held = await pool().connect();
  const pidOf = async () => (await pool().query("SELECT pg_backend_pid() AS pid")).rows[0]?.pid;
  const { rows } = await held.query("SELECT pg_backend_pid() AS pid");
  await held.query("SET default_transaction_read_only = on");
  await expect(held.query("CREATE TABLE x ()")).rejects.toMatchObject({ code: "25006" });
  held.release();
  for (let count = 0; count < 3; count += 1) expect(await pidOf()).not.toBe(rows[0]?.pid);
});

test("a time is the same for Prisma and for the database, and no statement is compiled first, whatever the server does by itself", async () => {
  const [{ name } = { name: "" }] = (await pool().query("SELECT current_database() AS name")).rows;
  await pool().query(`ALTER DATABASE "${name}" SET timezone = 'Asia/Kathmandu'`);
  await pool().query(`ALTER DATABASE "${name}" SET jit = on`);
  await pool().end();
  const url = new URL(process.env.DATABASE_URL ?? "");
  url.searchParams.set("options", "-c work_mem=8MB");
  process.env.DATABASE_URL = url.href;
  forgetSingletons();
  expect((await pool().query("SHOW work_mem")).rows).toEqual([{ work_mem: "8MB" }]);
  expect((await pool().query("SHOW jit")).rows).toEqual([{ jit: "off" }]);
  await db().keeperHeartbeat.create({ data: { keeperId: "one", beatAt: new Date() } });
  const { rows } = await pool().query(
    `SELECT abs(extract(epoch FROM now() - "beatAt")) < 60 AS same FROM "KeeperHeartbeat"`,
  );
  expect(rows).toEqual([{ same: true }]);
  const lately = { beatAt: { gt: new Date(Date.now() - 60_000) } };
  expect(await db().keeperHeartbeat.count({ where: lately })).toBe(1);
});

test("a statement that was prepared before its table was changed, or let go of on the way, may be asked again, and is answered", async () => {
  const read = () => pool().query({ name: "read-changing", text: "SELECT id FROM changing" });
  await pool().query("CREATE TABLE changing (id int)");
  for (const happens of ["DEALLOCATE ALL", "ALTER TABLE changing ALTER COLUMN id TYPE bigint"]) {
    await read();
    await pool().query(happens);
    expect(await errorOf(read())).toMatchObject(UNAVAILABLE);
    expect(await errorOf(read())).toBeUndefined();
  }
  await pool().query("DROP TABLE changing");
});

test("what is taken is a conflict, what is gone is not found, and the rest stays what it is", async () => {
  const data = { email: "ada@contoso.test", name: "Ada", passwordHash: "-" };
  await db().administrator.create({ data });
  expect(await errorOf(db().administrator.create({ data }))).toMatchObject({ code: "conflict" });
  const missing = { where: { email: "nobody@contoso.test" } };
  expect(await errorOf(db().administrator.delete(missing))).toMatchObject({ code: "not_found" });
  const error = new Error("something else");
  expect(translateDatabaseError(error)).toBe(error);
});
