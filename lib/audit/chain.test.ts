import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { randomToken } from "@/lib/kernel/crypto";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { chainHash, eventHash } from "./chain";
import { type AuditActor, recordAudit, recordAudits } from "./mutations";
import { verifyAudit } from "./verify";

withDatabase();
const ada = administrator();

const record = (name: string, detail = {}, actor: AuditActor = ada) =>
  db().$transaction((tx) =>
    recordAudit(tx, actor, {
      action: "thing.update",
      object: { kind: "thing", id: "1", name },
      detail,
    }),
  );

/** Changes events as a person with all rights on the database could. */
async function tamper(sql: string): Promise<void> {
  const client = await pool().connect();
  try {
    await client.query('ALTER TABLE "AuditEvent" DISABLE TRIGGER USER');
    await client.query(sql);
    await client.query('ALTER TABLE "AuditEvent" ENABLE TRIGGER USER');
  } finally {
    client.release();
  }
}

const ids = async () =>
  (await db().auditEvent.findMany({ orderBy: { id: "asc" }, select: { id: true } })).map(({ id }) =>
    String(id),
  );

beforeEach(async () => {
  await tamper('DELETE FROM "AuditEvent"');
  await tamper('DELETE FROM "AuditHead"');
});

describe("the chain", () => {
  test("holds whatever is written, in the order of the ids", async () => {
    await record("One", {
      version: 2,
      changed: ["Name"],
      nested: { b: 1.5, a: [null, true, "é"] },
    });
    await record('"; DROP', { left: undefined, empty: {} }, { ...ada, address: "203.0.113.1" });
    await record("Three");
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 3, older: 0 });
    const rows = await db().auditEvent.findMany({ orderBy: { id: "asc" } });
    expect(rows.map(({ objectName }) => objectName)).toEqual(["One", '"; DROP', "Three"]);
    expect(rows.map(({ address }) => address)).toEqual([null, "203.0.113.1", null]);
  });

  test("is one, however many write at once", async () => {
    await Promise.all(Array.from({ length: 40 }, (_, index) => record(`Thing ${index}`)));
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 40 });
  });

  test("takes many at once, in their order, while others write", async () => {
    const object = { kind: "thing", id: "1" };
    const entries = Array.from({ length: 60 }, (_, index) => ({
      actor: ada,
      action: "thing.update",
      detail: { index },
      object: { ...object, name: `Many ${index}` },
    }));
    const many = () => db().$transaction((tx) => recordAudits(tx, entries));
    await Promise.all([many(), record("One"), many(), record("Two"), many()]);
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 182 });
    const rows = await db().auditEvent.findMany({ orderBy: { id: "asc" } });
    const written = rows
      .map(({ objectName }) => objectName)
      .join()
      .split("Many 0,");
    expect(written).toHaveLength(4);
    for (const each of written.slice(1)) expect(each).toMatch(/^Many 1,Many 2,.*Many 58,Many 59/);
  });

  test("has no gap where a change was rolled back", async () => {
    await record("One");
    const broken = db().$transaction(async (tx) => {
      await recordAudit(tx, ada, {
        action: "thing.update",
        object: { kind: "a", id: "", name: "" },
      });
      throw new Error("no");
    });
    await expect(broken).rejects.toThrow("no");
    await record("Two");
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 2 });
  });

  test("begins behind the events that are older than it", async () => {
    await tamper(`INSERT INTO "AuditEvent" ("actorKind","actorId","actorName",action,"objectKind","objectId","objectName")
      SELECT 'user', '1', 'Old', 'thing.create', 'thing', '1', 'Thing' FROM generate_series(1, 3)`);
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 0, older: 3 });
    await record("New");
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 1, older: 3 });
    const [oldest] = await ids();
    await tamper(`DELETE FROM "AuditEvent" WHERE id = ${oldest}`);
    expect(await verifyAudit()).toMatchObject({
      isIntact: false,
      problem: "The chain began after 3 older events, and now there are 2.",
    });
  });
});

describe("of five events", () => {
  beforeEach(async () => {
    for (const name of ["A", "B", "C", "D", "E"])
      await record(name, { version: 1 }, { ...ada, address: "::1" });
  });

  const columns = [
    ["at", "at + interval '1 ms'"],
    ["actorKind", "'job'"],
    ["actorId", "'x'"],
    ["actorName", "'Eve'"],
    ["action", "'thing.delete'"],
    ["objectKind", "'other'"],
    ["objectId", "'2'"],
    ["objectName", "'Z'"],
    ["detail", `'{"version": 2}'`],
    ["address", "NULL"],
    ["hash", "'x.y'"],
  ];

  test.each(columns)("a change of %s is found", async (column, value) => {
    const [, , third] = await ids();
    await tamper(`UPDATE "AuditEvent" SET "${column}" = ${value} WHERE id = ${third}`);
    expect(await verifyAudit()).toEqual({
      isIntact: false,
      eventId: third,
      problem: `Event ${third} was changed, or added by hand.`,
    });
  });

  test("every column is covered by that", async () => {
    const { rows } = await pool().query(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'AuditEvent'`,
    );
    const covered = ["id", ...columns.map(([column]) => column)];
    expect(rows.map(({ name }) => name).sort()).toEqual(covered.sort());
  });

  test("one that is removed is missed", async () => {
    const [, second, third, fourth] = await ids();
    await tamper(`DELETE FROM "AuditEvent" WHERE id = ${third}`);
    expect(await verifyAudit()).toEqual({
      isIntact: false,
      eventId: fourth,
      problem: `At least one event is missing between ${second} and ${fourth}.`,
    });
  });

  test("the first one too", async () => {
    const [first, second] = await ids();
    await tamper(`DELETE FROM "AuditEvent" WHERE id = ${first}`);
    expect(await verifyAudit()).toMatchObject({ isIntact: false, eventId: second });
  });

  test("and the last ones", async () => {
    const [, , , fourth, fifth] = await ids();
    await tamper(`DELETE FROM "AuditEvent" WHERE id >= ${fourth}`);
    expect(await verifyAudit()).toEqual({
      isIntact: false,
      eventId: fifth,
      problem: `The end is missing: event ${fifth} was the last one.`,
    });
  });

  test("and all of them", async () => {
    await tamper('DELETE FROM "AuditEvent"');
    expect(await verifyAudit()).toMatchObject({ isIntact: false });
  });

  test("one that is added by hand is found, with a hash or without", async () => {
    const add = (
      hash: string,
    ) => `INSERT INTO "AuditEvent" ("actorKind","actorId","actorName",action,
      "objectKind","objectId","objectName",hash) VALUES ('user','1','Eve','x','y','1','z',${hash})`;
    await tamper(add("NULL"));
    const last = (await ids()).at(-1);
    const problem = `Event ${last} was added by hand.`;
    expect(await verifyAudit()).toEqual({ isIntact: false, eventId: last, problem });
    await tamper(
      `UPDATE "AuditEvent" SET hash = (SELECT hash FROM "AuditEvent" LIMIT 1) WHERE hash IS NULL`,
    );
    expect(await verifyAudit()).toMatchObject({ isIntact: false, eventId: last });
  });

  test("two that changed places are found", async () => {
    const [, second, third] = await ids();
    await tamper(`UPDATE "AuditEvent" SET id = -1 WHERE id = ${second}`);
    await tamper(`UPDATE "AuditEvent" SET id = ${second} WHERE id = ${third}`);
    await tamper(`UPDATE "AuditEvent" SET id = ${third} WHERE id = -1`);
    expect(await verifyAudit()).toMatchObject({ isIntact: false, eventId: second });
  });

  test.each([
    ["removed", 'DELETE FROM "AuditHead"', "The mark of the end of the trail is missing."],
    [
      "changed",
      'UPDATE "AuditHead" SET "olderRows" = 5',
      "The mark of the end of the trail was changed.",
    ],
  ])("a mark of the end that was %s is found", async (_what, sql, problem) => {
    await tamper(sql);
    expect(await verifyAudit()).toMatchObject({ isIntact: false, problem });
  });

  test("without its key the trail proves nothing", async () => {
    const { auditKeySealed } = await db().installation.findFirstOrThrow();
    await db().installation.updateMany({ data: { auditKeySealed: null } });
    expect(await verifyAudit()).toMatchObject({
      isIntact: false,
      problem: expect.stringContaining("key"),
    });
    await db().installation.updateMany({ data: { auditKeySealed } });
  });
});

test("the hash of an event knows every field from its neighbour", () => {
  const text = fc.string({ unit: "binary", maxLength: 8 });
  const events = fc.record({
    id: fc.bigInt({ min: 1n, max: 99n }).map(String),
    at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
    actorKind: text,
    actorId: text,
    actorName: text,
    action: text,
    objectKind: text,
    objectId: text,
    objectName: text,
    detail: fc.json({ maxDepth: 2 }).map((json) => JSON.parse(json) as unknown),
    address: fc.option(text),
  });
  const key = randomToken();
  fc.assert(
    fc.property(events, events, (one, two) => {
      const isSame = JSON.stringify(one) === JSON.stringify(two);
      if (!isSame) expect(eventHash(key, one)).not.toBe(eventHash(key, two));
      expect(chainHash(key, "a", one)).not.toBe(chainHash(key, "b", one));
      expect(chainHash(key, "a", one)).not.toBe(chainHash(randomToken(), "a", one));
      expect(chainHash(key, "a", one)).toBe(
        chainHash(key, "a", { ...one, detail: structuredClone(one.detail) }),
      );
    }),
  );
});
