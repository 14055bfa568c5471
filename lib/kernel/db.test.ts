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

/** A statement that ends its own connection, as a restart of the server does to all of them. */
const SUICIDE = "SELECT pg_terminate_backend(pg_backend_pid())";

test.each([
  ["Prisma's models", () => db().administrator.count()],
  ["Prisma's raw queries", () => db().$queryRaw`SELECT 1`],
  ["a transaction", () => db().$transaction((tx) => tx.administrator.count())],
  ["the pool", () => pool().query("SELECT 1")],
])(
  "%s: a server that is down is temporarily unavailable, and used again when it is back",
  async (_who, work) => {
    const mend = await breakDatabase(pool());
    expect(await errorOf(work())).toMatchObject({ code: "temporarily_unavailable" });
    mend();
    expect(await errorOf(work())).toBeUndefined();
  },
);

test.each([
  ["Prisma", () => db().$queryRawUnsafe(SUICIDE)],
  ["the pool", () => pool().query(SUICIDE)],
  ["a transaction", endedTransaction],
])("%s: a connection that ends under a query is temporarily unavailable", async (_who, work) => {
  expect(await errorOf(work())).toMatchObject({ code: "temporarily_unavailable" });
});

function endedTransaction() {
  return db().$transaction(async (tx) => {
    await tx.$queryRawUnsafe(SUICIDE).catch(() => {});
    await tx.administrator.count();
  });
}

describe("another server that does not answer is not the database", () => {
  const dial = (host: string) =>
    new Promise<Error>((done) => connect({ host, port: 1 }).once("error", done));

  test.each(["127.0.0.1", "nowhere.invalid"])("%s", async (host) => {
    const error = await dial(host);
    expect(error).toMatchObject({ code: expect.stringMatching(/^(ECONNREFUSED|E\w+)$/) });
    expect(translateDatabaseError(error)).toBe(error);
    const failure = classifyNetworkError("ECONNREFUSED", error);
    expect(translateDatabaseError(failure)).toBe(failure);
    const told = new AppError("conflict", "The address cannot be reached.", { cause: failure });
    expect(toAppError(told)).toBe(told);
  });

  test("also while the database is away", async () => {
    const mend = await breakDatabase(pool());
    expect(await errorOf(pool().query("SELECT 1"))).toMatchObject({
      message: "The database is not responding. Try again in a moment.",
    });
    const error = await dial("127.0.0.1");
    expect(translateDatabaseError(error)).toBe(error);
    mend();
  });
});

describe("a database that is read-only", () => {
  const data = { email: "bob@contoso.test", name: "Bob", passwordHash: "-" };
  const INSERT = `INSERT INTO "KeyCanary" (id, sealed) VALUES (7, '-')`;
  beforeAll(() => setReadOnly(pool(), true));
  afterAll(() => setReadOnly(pool(), false));

  test.each([
    ["Prisma's models", () => db().administrator.create({ data })],
    ["Prisma's raw queries", () => db().$executeRawUnsafe(INSERT)],
    ["a transaction", () => db().$transaction((tx) => tx.administrator.create({ data }))],
    ["a raw query in a transaction", () => db().$transaction((tx) => tx.$queryRawUnsafe(INSERT))],
    ["the pool", () => pool().query(INSERT)],
  ])("%s: a write is temporarily unavailable", async (_who, work) => {
    expect(await errorOf(work())).toMatchObject({
      code: "temporarily_unavailable",
      message: expect.stringContaining("read-only"),
    });
  });

  test("a read is answered", async () => {
    expect(await db().keyCanary.count({ where: { id: 7 } })).toBe(0);
  });
});

test.each(["America/New_York", "Asia/Kathmandu"])(
  "a time is the same for Prisma and for the database, whose own zone is %s",
  async (zone) => {
    const [{ name } = { name: "" }] = (await pool().query("SELECT current_database() AS name"))
      .rows;
    await pool().query(`ALTER DATABASE "${name}" SET timezone = '${zone}'`);
    await pool().end();
    const url = new URL(process.env.DATABASE_URL ?? "");
    url.searchParams.set("options", "-c work_mem=8MB");
    process.env.DATABASE_URL = url.href;
    forgetSingletons();
    expect((await pool().query("SHOW work_mem")).rows).toEqual([{ work_mem: "8MB" }]);
    const keeperId = zone;
    await db().keeperHeartbeat.create({ data: { keeperId, beatAt: new Date() } });
    const { rows } = await pool().query(
      `SELECT abs(extract(epoch FROM now() - "beatAt"))::int AS seconds FROM "KeeperHeartbeat" WHERE "keeperId" = $1`,
      [keeperId],
    );
    expect(rows[0].seconds).toBeLessThan(30);
    const alive = { keeperId, beatAt: { gt: new Date(Date.now() - 30_000) } };
    expect(await db().keeperHeartbeat.count({ where: alive })).toBe(1);
  },
);

test("no statement is compiled first, whatever the server does by itself", async () => {
  const [{ name } = { name: "" }] = (await pool().query("SELECT current_database() AS name")).rows;
  await pool().query(`ALTER DATABASE "${name}" SET jit = on`);
  await pool().end();
  forgetSingletons();
  expect((await pool().query("SHOW jit")).rows).toEqual([{ jit: "off" }]);
});

test("a statement that something on the way let go of may be asked again, and is answered", async () => {
  const read = () => pool().query({ name: "read-one", text: "SELECT 1" });
  await read();
  await pool().query("DEALLOCATE ALL");
  expect(await errorOf(read())).toMatchObject({ code: "temporarily_unavailable" });
  expect(await errorOf(read())).toBeUndefined();
});

test("a statement that was prepared before its table was changed may be asked again, and is answered", async () => {
  const read = () => pool().query({ name: "read-changing", text: "SELECT id FROM changing" });
  await pool().query("CREATE TABLE changing (id int)");
  await read();
  await pool().query("ALTER TABLE changing ALTER COLUMN id TYPE bigint");
  expect(await errorOf(read())).toMatchObject({ code: "temporarily_unavailable" });
  expect(await errorOf(read())).toBeUndefined();
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
