import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
    await record("One", { changed: ["Name"], nested: { b: 1.5, a: [null, true, "é"] } });
    await record('"; DROP', { left: undefined, empty: {} }, { ...ada, address: "203.0.113.1" });
    await record("Three");
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 3, older: 0 });
    const rows = await db().auditEvent.findMany({ orderBy: { id: "asc" } });
    expect(rows.map(({ objectName }) => objectName)).toEqual(["One", '"; DROP', "Three"]);
    expect(rows.map(({ address }) => address)).toEqual([null, "203.0.113.1", null]);
  });

  test("takes many at once, in their order, while others write", async () => {
    const object = { kind: "thing", id: "1" };
    const entries = Array.from({ length: 20 }, (_, index) => ({
      actor: ada,
      action: "thing.update",
      detail: { index },
      object: { ...object, name: `Many ${index}` },
    }));
    const many = () => db().$transaction((tx) => recordAudits(tx, entries));
    await Promise.all([many(), record("One"), many(), record("Two"), many()]);
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 62 });
    const rows = await db().auditEvent.findMany({ orderBy: { id: "asc" } });
    const names = rows.map(({ objectName }) => objectName);
    const written = names.join().split("Many 0,");
    expect(written).toHaveLength(4);
    for (const each of written.slice(1)) expect(each).toMatch(/^Many 1,Many 2,.*Many 18,Many 19/);
  });

  test("has no gap where a change was rolled back", async () => {
    await record("One");
    const broken = db().$transaction(async (tx) => {
      await recordAudit(tx, ada, { action: "a.b", object: { kind: "a", id: "", name: "" } });
      throw new Error("no");
    });
    await expect(broken).rejects.toThrow("no");
    await record("Two");
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 2 });
  });
});

describe("of five events", () => {
  beforeEach(async () => {
    for (const name of ["A", "B", "C", "D", "E"])
      await record(name, { version: 1 }, { ...ada, address: "::1" });
    await tamper(
      'CREATE TABLE kept_events AS SELECT * FROM "AuditEvent"; CREATE TABLE kept_head AS SELECT * FROM "AuditHead"',
    );
  });
  afterEach(() => tamper("DROP TABLE kept_events; DROP TABLE kept_head"));

  /** What is found after a change by hand, which is taken back. */
  async function foundAfter(sql: string) {
    await tamper(sql);
    const verdict = await verifyAudit();
    await tamper('DELETE FROM "AuditEvent"; INSERT INTO "AuditEvent" SELECT * FROM kept_events');
    await tamper('DELETE FROM "AuditHead"; INSERT INTO "AuditHead" SELECT * FROM kept_head');
    return verdict;
  }

  test("a change of any column is found", async () => {
    const columns = {
      at: "at + interval '1 ms'",
      actorKind: "'job'",
      actorId: "'x'",
      actorName: "'Eve'",
      action: "'thing.delete'",
      objectKind: "'other'",
      objectId: "'2'",
      objectName: "'Z'",
      detail: `'{"version": 2}'`,
      address: "NULL",
      hash: "'x.y'",
    };
    const { rows } = await pool().query(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'AuditEvent'`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual(["id", ...Object.keys(columns)].sort());
    const [, , third] = await ids();
    const problem = `Event ${third} was changed, or added by hand.`;
    for (const [column, value] of Object.entries(columns)) {
      const sql = `UPDATE "AuditEvent" SET "${column}" = ${value} WHERE id = ${third}`;
      expect(await foundAfter(sql), column).toEqual({ isIntact: false, eventId: third, problem });
    }
    expect(await verifyAudit()).toMatchObject({ isIntact: true });
  });

  test("whatever is removed, added, moved or forgotten is found", async () => {
    const [first, second, third, fourth, fifth] = await ids();
    const remove = (where: string) => `DELETE FROM "AuditEvent" WHERE ${where}`;
    const add = (hash: string) =>
      `INSERT INTO "AuditEvent" ("actorKind","actorId","actorName",action, "objectKind","objectId",
        "objectName",hash) VALUES ('user','1','Eve','x','y','1','z',${hash})`;
    const move = (from: unknown, to: unknown) =>
      `UPDATE "AuditEvent" SET id = ${to} WHERE id = ${from};`;
    const swap = [move(second, -1), move(third, second), move(-1, third)].join("");
    const cases: [string, { eventId?: unknown }][] = [
      [remove(`id = ${third}`), { eventId: fourth }],
      [remove(`id = ${first}`), { eventId: second }],
      [remove(`id >= ${fourth}`), { eventId: fifth }],
      [remove("true"), {}],
      [add("NULL"), {}],
      [add(`(SELECT hash FROM "AuditEvent" LIMIT 1)`), { eventId: expect.any(String) }],
      [swap, { eventId: second }],
      ['DELETE FROM "AuditHead"', {}],
      ['UPDATE "AuditHead" SET "olderRows" = 5', {}],
    ];
    for (const [sql, found] of cases)
      expect(await foundAfter(sql), sql).toMatchObject({ isIntact: false, ...found });
    expect(await verifyAudit()).toMatchObject({ isIntact: true });
  });

  test("without its key the trail proves nothing", async () => {
    const { auditKeySealed } = await db().installation.findFirstOrThrow();
    await db().installation.updateMany({ data: { auditKeySealed: null } });
    const problem = expect.stringContaining("key");
    expect(await verifyAudit()).toMatchObject({ isIntact: false, problem });
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
