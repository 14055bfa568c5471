import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { withDatabase } from "@/lib/testing/database";
import { folderOfFile } from "@/lib/testing/folder";
import { chainHash } from "../chain";
import { insertEvents, saveHead, takeChainEnd } from "../store";
import { verifyAudit } from "../verify";
import { writeArchive } from "./archive-file";
import { archiveOldEvents } from "./archive-old-events";
import { findOldRange, readRange, saveArchive } from "./store";

withDatabase();
const root = folderOfFile();

let folder: string;
let folders = 0;
const MONTHS = 13;

/** Changes events as a person with all rights on the database could. */
async function tamper(...statements: string[]): Promise<void> {
  const client = await pool().connect();
  try {
    await client.query("SET session_replication_role = replica");
    for (const sql of statements) await client.query(sql);
    await client.query("SET session_replication_role = DEFAULT");
  } finally {
    client.release();
  }
}

const CLEAR = ["AuditEvent", "AuditHead", "AuditArchive"].map((table) => `DELETE FROM "${table}"`);

async function beginAnew() {
  await tamper(...CLEAR);
  folders += 1;
  folder = join(root, `${folders}`);
  env().auditArchive = folder;
}
beforeEach(beginAnew);

/** An event as it was written at that time. */
async function write(at: Date, name = "Thing\u2028of the sea"): Promise<void> {
  await db().$transaction(async (tx) => {
    const run = <R>(sql: string, values: readonly unknown[]) =>
      tx.$queryRawUnsafe<R[]>(sql, ...values);
    const { key, previous, olderRows, ids } = await takeChainEnd(run, 1);
    const event = {
      id: ids[0] ?? "",
      at,
      actorKind: "user",
      actorId: "1",
      actorName: "Ada",
      action: "thing.update",
      objectKind: "thing",
      objectId: "1",
      objectName: name,
      detail: { z: 1, a: [null, "é"] },
      address: null,
    };
    const hash = chainHash(key, previous, event);
    await insertEvents(run, [{ ...event, hash }]);
    await saveHead(run, key, { eventId: event.id, hash, olderRows });
  });
}

/** So many months ago, in the middle of the month. */
function ago(months: number, day = 15): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, day, 12));
}

const monthOf = (date: Date) => date.toISOString().slice(0, 7);
const fileOf = (months: number) => `${monthOf(ago(months))}.jsonl.gz`;
const PART = `${monthOf(ago(15))}.part`;
const archive = () => archiveOldEvents({ folder, months: MONTHS });
const files = () => readdirSync(folder).sort();
const things = () => db().auditEvent.count({ where: { action: "thing.update" } });
const linesOf = (file: string) =>
  gunzipSync(readFileSync(join(folder, file)))
    .toString()
    .split("\n")
    .slice(0, -1);

describe("three months that are old, and two that are not", () => {
  beforeEach(async () => {
    for (const months of [16, 15, 15, 14, 13, 0]) await write(ago(months));
  });

  test("the old ones become a file each, and the trail is proved over both", async () => {
    expect(await archive()).toMatchObject([
      { file: fileOf(16), events: 1 },
      { file: fileOf(15), events: 2 },
      { file: fileOf(14), events: 1 },
    ]);
    expect(files()).toEqual([fileOf(16), fileOf(15), fileOf(14)]);
    expect(await things()).toBe(2);
    // Six, and one for each file.
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 9 });
    expect(await archive()).toEqual([]);
    await expect(db().auditEvent.deleteMany()).rejects.toThrow(/append-only/);
    await expect(db().auditArchive.deleteMany()).rejects.toThrow(/append-only/);
    await tamper(`DELETE FROM "AuditArchive" WHERE file = '${fileOf(15)}'`);
    expect(await verifyAudit()).toMatchObject({ isIntact: false });
  });

  test("the last millisecond of a month is in it, the first of the next is not", async () => {
    await beginAnew();
    const border = Date.UTC(ago(14).getUTCFullYear(), ago(14).getUTCMonth(), 1);
    for (const at of [border - 1, border]) await write(new Date(at));
    await write(ago(13, 1));
    expect(await archive()).toMatchObject([{ file: fileOf(15) }, { file: fileOf(14) }]);
    expect(await things()).toBe(1);
  });

  test("of several keepers one does it", async () => {
    const all = await Promise.all(Array.from({ length: 4 }, archive));
    expect(all.flatMap((each) => each ?? [])).toHaveLength(3);
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 9 });
  });

  test("with a folder that cannot be written nothing is removed", async () => {
    writeFileSync(folder, "a file");
    await expect(archive()).rejects.toThrow();
    expect(await things()).toBe(6);
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 6 });
  });

  test("a folder without the files of before takes no more of them", async () => {
    await archive();
    await write(ago(14));
    folder = join(root, "empty");
    await expect(archive()).rejects.toThrow(`The archive ${fileOf(16)} is missing in ${folder}.`);
  });
});

describe("killed", () => {
  beforeEach(async () => {
    for (const months of [15, 15, 15, 0]) await write(ago(months));
  });

  const range = async () => {
    const found = await findOldRange(MONTHS);
    if (!found) throw new Error("There is nothing old.");
    return found;
  };
  const place = async () => {
    const { month, ...ids } = await range();
    const batches = readRange({ month, ...ids });
    return { ...ids, ...(await writeArchive(folder, month, { batches, isTaken: () => false })) };
  };

  test.each([
    [
      "while it wrote the file",
      async () => {
        await place();
        renameSync(join(folder, fileOf(15)), join(folder, PART));
      },
    ],
    ["before the database knew of the file", place],
    ["before the first event was removed", async () => saveArchive(await place())],
    [
      "after some events were removed",
      async () => {
        const { firstId, ...rest } = await place();
        await saveArchive({ firstId, ...rest });
        await pool().query('DELETE FROM "AuditEvent" WHERE id = $1', [firstId]);
      },
    ],
  ])("%s, it is intact, and the next run goes on", async (_when, half) => {
    await half();
    expect(await verifyAudit()).toMatchObject({ isIntact: true });
    await archive();
    expect(files()).toEqual([fileOf(15)]);
    expect(linesOf(fileOf(15))).toHaveLength(3);
    expect(await things()).toBe(1);
    expect(await verifyAudit()).toMatchObject({ isIntact: true, chained: 5 });
  });

  test("with a file that was changed meanwhile nothing is removed", async () => {
    await saveArchive(await place());
    writeFileSync(join(folder, fileOf(15)), gzipSync("{}\n"));
    await expect(archive()).rejects.toThrow(`The archive ${fileOf(15)} was changed.`);
    expect(await things()).toBe(4);
  });
});

test("after a restore of an older backup the file of before stays, and another stands beside it", async () => {
  for (const months of [15, 0]) await write(ago(months));
  await tamper(
    'CREATE TABLE kept_events AS SELECT * FROM "AuditEvent"',
    'CREATE TABLE kept_head AS SELECT * FROM "AuditHead"',
  );
  await write(ago(0));
  await archive();
  const before = readFileSync(join(folder, fileOf(15)));
  await tamper(
    ...CLEAR,
    ...['INSERT INTO "AuditEvent" SELECT * FROM kept_events', "DROP TABLE kept_events"],
    ...['INSERT INTO "AuditHead" SELECT * FROM kept_head', "DROP TABLE kept_head"],
  );
  await write(ago(0));
  await tamper(`DELETE FROM "AuditArchive"`);
  // What is the same takes the place of itself; what is not gets a name of its own.
  writeFileSync(join(folder, fileOf(15)), gzipSync("another history\n"));
  await archive();
  expect(files()).toEqual([fileOf(15).replace(".", "-2."), fileOf(15)]);
  expect(await verifyAudit()).toMatchObject({ isIntact: true });
  expect(before.equals(readFileSync(join(folder, fileOf(15).replace(".", "-2."))))).toBe(true);
});

describe("whatever is done to an archive is found", () => {
  beforeEach(async () => {
    for (const months of [16, 16, 15, 15, 0]) await write(ago(months));
    await archive();
  });

  const change = () => {
    const lines = linesOf(fileOf(15)).map((line) => `${line.replace("Ada", "Eve")}\n`);
    writeFileSync(join(folder, fileOf(15)), gzipSync(lines.join("")));
    return lines.join("");
  };
  const named = (what: string) => `The archive ${fileOf(15)} ${what}.`;

  test("a file that was changed, cut short or removed", async () => {
    const path = join(folder, fileOf(15));
    const verdict = (what: string) => ({ isIntact: false, problem: named(what) });
    change();
    expect(await verifyAudit()).toMatchObject(verdict("was changed"));
    writeFileSync(path, readFileSync(path).subarray(0, -9));
    expect(await verifyAudit()).toMatchObject(verdict("cannot be read"));
    rmSync(path);
    expect(await verifyAudit()).toMatchObject(verdict(`is missing in ${folder}`));
  });

  test("changed together with what the database knows of it", async () => {
    const text = change();
    await tamper(
      `UPDATE "AuditArchive" SET sha256 = encode(sha256(convert_to('${text}', 'UTF8')), 'hex') WHERE file = '${fileOf(15)}'`,
    );
    expect(await verifyAudit()).toMatchObject({
      problem: expect.stringMatching(/^Event \d+ was changed/),
    });
  });

  test("an event that is put back into the table in another form, or was never there", async () => {
    const [, row = ""] = linesOf(fileOf(15));
    const put = (json: string) =>
      tamper(
        `INSERT INTO "AuditEvent" SELECT * FROM jsonb_populate_record(NULL::"AuditEvent", '${json}')`,
      );
    await put(row);
    expect(await verifyAudit()).toMatchObject({ isIntact: true });
    await tamper(`UPDATE "AuditEvent" SET "actorName" = 'Eve' WHERE id = ${JSON.parse(row).id}`);
    expect(await verifyAudit()).toMatchObject({
      problem: expect.stringContaining("is another one in"),
    });
    await tamper(`UPDATE "AuditEvent" SET id = 0 WHERE id = ${JSON.parse(row).id}`);
    expect(await verifyAudit()).toMatchObject({ isIntact: false });
  });
});

test("whatever the clocks did, every event is in one place, and none that is young has moved alone", async () => {
  const months = fc.array(fc.integer({ min: -30, max: 40 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(months, async (list) => {
      await beginAnew();
      for (const each of list) await write(ago(each));
      const written = (await archive()) ?? [];
      expect(await verifyAudit()).toMatchObject({
        isIntact: true,
        chained: list.length + written.length,
      });
      for (const { file } of written) {
        const times = linesOf(file).map((line) => new Date(JSON.parse(line).at));
        expect(Math.min(...times.map(Number))).toBeLessThan(ago(MONTHS, 1).getTime());
        // What stands between the old ones is only what came from a clock that ran ahead.
        for (const at of times) expect(at < ago(MONTHS, 1) || at > new Date()).toBe(true);
      }
      const [oldest = MONTHS] = list.filter((each) => each >= 0);
      if (oldest > MONTHS) expect(written.length).toBeGreaterThan(0);
    }),
    { numRuns: 5 },
  );
}, 120_000);
