import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { to } from "pg-copy-streams";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { beginSnapshot, connect, copyIn, copyOut } from "@/lib/installation/backup/store";
import { SECOND_MS } from "@/lib/kernel/clock";
import { DatabaseClient } from "@/lib/kernel/database-client.mjs";
import { translateDatabaseError } from "@/lib/kernel/database-errors";
import { createConnection, db, pool } from "@/lib/kernel/db";
import { subscribe } from "@/lib/kernel/events/hub";
import { publish } from "@/lib/kernel/events/mutations";
import type { StoredEvent } from "@/lib/kernel/events/queries";
import { createDatabase, withDatabase } from "@/lib/testing/database";
import { report } from "@/lib/testing/long";
import { migrate } from "@/scripts/migrate.mjs";
import { statements } from "./activity";
import { type SilentProxy, startSilentProxy } from "./silent-proxy";

withDatabase();
/** Six looks, one more because a look is begun at any time, and what a loaded machine adds. */
const SILENCE_ENDS_WITHIN_MS = 12_000;
let direct: string;
let proxy: SilentProxy;

beforeAll(async () => {
  direct = process.env.DATABASE_URL ?? "";
  proxy = await startSilentProxy(direct);
  process.env.DATABASE_URL = proxy.url;
});
// As the server's own keep-alive would: a COPY that waits for its client holds others up.
afterEach(() => proxy.bury());
afterAll(() => proxy.close());

/** @returns the error that it ends with in time; undefined without one */
async function errorInTime(what: string, work: () => Promise<unknown>): Promise<unknown> {
  const startedAt = performance.now();
  const error = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const tookMs = Math.round(performance.now() - startedAt);
  report(`a silent connection: ${what}`, { "ended after ms": tookMs });
  expect(tookMs).toBeLessThan(SILENCE_ENDS_WITHIN_MS);
  return error;
}

test.each<[string, () => Promise<unknown>]>([
  ["a query", () => pool().query("SELECT 1")],
  ["Prisma's models", () => db().contactList.count()],
  ["Prisma's transactions", () => db().$transaction((tx) => tx.contactList.count())],
])(
  "a pool whose connections all go silent fails %s, and works again for everybody",
  async (what, work) => {
    const taken = await Promise.all(Array.from({ length: 5 }, () => pool().connect()));
    for (const each of taken) each.release();
    proxy.silence();
    const error = translateDatabaseError(await errorInTime(what, work));
    expect(error).toMatchObject({ code: "temporarily_unavailable" });
    const works = () =>
      Promise.all(Array.from({ length: 5 }, work)).then(
        () => true,
        () => false,
      );
    await expect.poll(works, { timeout: SILENCE_ENDS_WITHIN_MS, interval: 50 }).toBe(true);
  },
);

type Counting = { contactList: { count(): Promise<number> } };

test.each<[string, (tx: Counting) => Promise<unknown>]>([
  ["in the middle", (tx) => silenced(() => tx.contactList.count())],
  ["before its end", (tx) => tx.contactList.count().then(() => proxy.silence())],
  ["before it is undone", () => silenced(() => Promise.reject(new Error("no")))],
])(
  "a transaction of Prisma whose connection goes silent %s ends, and leaves none behind",
  async (when, work) => {
    const error = await errorInTime(`a transaction ${when}`, () => db().$transaction(work));
    expect(error).toBeInstanceOf(Error);
    await expect.poll(() => pool().totalCount - pool().idleCount, { timeout: 3_000 }).toBe(0);
    expect(await db().$transaction((tx) => tx.contactList.count())).toBe(0);
  },
);

function silenced<T>(work: () => T): T {
  proxy.silence();
  return work();
}

test("a connection that is ended while it is silent is gone within seconds", async () => {
  const client = createConnection();
  await client.connect();
  expect(await errorInTime("its end", () => silenced(() => client.end()))).toBeUndefined();
});

test("what the server works on, or waits for, is waited for, though no byte moves", async () => {
  const [client, holder] = [createConnection(), createConnection()];
  await Promise.all([client.connect(), holder.connect()]);
  await holder.query("SELECT pg_advisory_lock(99)");
  const waiting = client.query("SELECT pg_advisory_lock(99)");
  await sleep(SILENCE_ENDS_WITHIN_MS);
  await holder.query("SELECT pg_advisory_unlock(99)");
  await waiting;
  expect((await client.query("SELECT pg_sleep(8), 1 AS one")).rows).toMatchObject([{ one: 1 }]);
  await Promise.all([client.end(), holder.end()]);
}, 40_000);

test("a statement whose answer lies here unread is not silent", async () => {
  const client = await connect();
  await client.query(
    "CREATE TEMP TABLE big AS SELECT repeat('x', 1000) AS x FROM generate_series(1, 50000)",
  );
  let bytes = 0;
  for await (const chunk of client.query(to("COPY big TO STDOUT"))) {
    if (bytes === 0) await sleep(SILENCE_ENDS_WITHIN_MS);
    bytes += chunk.length;
  }
  expect(bytes).toBe(50_000 * 1_001);
  await client.end();
}, 40_000);

describe("a backup's connection that goes silent", () => {
  test("while it is read from fails the reading", async () => {
    const client = await connect();
    await beginSnapshot(client);
    await client.query("SELECT 1");
    const read = async () => {
      for await (const { rows } of copyOut(client, [{ name: "Installation", columns: ["id"] }]))
        for await (const _ of rows);
    };
    const error = await errorInTime("reading a backup", () => silenced(read));
    expect(error).toMatchObject({ code: "ETIMEDOUT" });
  });

  test("while it is written to fails the writing", async () => {
    await pool().query("CREATE TABLE copied (x text)");
    const into = copyIn(await connect(), { name: "copied", columns: ["x"] });
    await into.write(Buffer.from("a\n"));
    await sleep(200);
    proxy.silence();
    await into.write(Buffer.from("b\n"));
    const error = await errorInTime("writing a backup", () => into.close());
    expect(error).toMatchObject({ code: "ETIMEDOUT" });
  });
});

test("migrations whose connection goes silent fail, and the next start applies them", async () => {
  const database = await createDatabase({ empty: true });
  const other = await startSilentProxy(database.url);
  const client = new DatabaseClient({ connectionString: other.url });
  client.on("error", () => {});
  await client.connect();
  const migrating = migrate(client, "prisma/migrations");
  await sleep(50);
  other.silence();
  expect(await errorInTime("migrations", () => migrating)).toBeInstanceOf(Error);
  await other.close(); // the server is told, as by its own keep-alive
  const again = new Client({ connectionString: database.url });
  await again.connect();
  expect((await migrate(again, "prisma/migrations")).length).toBeGreaterThan(0);
  await again.end();
  await database.drop();
}, 40_000);

describe("an idle web", () => {
  /** The promise of docs/reliability.md. */
  const SHOWN_WITHIN_MS = 30 * SECOND_MS;
  const ROUNDS = 10;
  const heard: (StoredEvent | "resync")[] = [];
  const ids = () => heard.map((event) => (event === "resync" ? event : event.notice.id));
  const tell = (id: string) => db().$transaction((tx) => publish(tx, { type: "contact", id }));
  const listeners = async () => (await statements("query ~ '^(LISTEN|NOTIFY)'")).length;
  let leave: () => void;
  beforeEach(async () => {
    heard.length = 0;
    leave = subscribe((event) => heard.push(event));
    await expect.poll(listeners).toBeGreaterThan(0);
  });
  afterEach(() => leave());

  /** Another process changes something, whose connection is not silent. */
  async function tellFromElsewhere(): Promise<void> {
    const other = new Client({ connectionString: direct });
    await other.connect();
    await other.query(
      `WITH e AS (INSERT INTO "Event" (type, payload) VALUES ('contact', '{"id": "missed"}') RETURNING id)
       SELECT pg_notify('postkey_events', id::text) FROM e`,
    );
    await other.end();
  }

  test("whose connections go silent tells its pages to load everything, and hears again", async () => {
    let worst = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      heard.length = 0;
      proxy.silence();
      const startedAt = performance.now();
      await tellFromElsewhere();
      await expect.poll(ids, { timeout: SHOWN_WITHIN_MS, interval: 100 }).toContain("resync");
      worst = Math.max(worst, performance.now() - startedAt);
      // It listened before it said so: nothing is lost between the two.
      await tell("after");
      await expect.poll(ids).toContain("after");
      proxy.bury();
    }
    const after = `${(worst / SECOND_MS).toFixed(1)} s`;
    report("live pages of an idle web, silent", { rounds: ROUNDS, "told after": after });
  }, 600_000);

  test("whose connection is heard stays as it is", async () => {
    await sleep(20 * SECOND_MS);
    expect(heard).toEqual([]);
    await tell("still heard");
    await expect.poll(ids).toEqual(["still heard"]);
  });
});
