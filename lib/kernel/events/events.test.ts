import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { recordAudit } from "@/lib/audit/mutations";
import { findChangesSince } from "@/lib/audit/queries";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { eventStream } from "@/lib/http/event-stream";
import { db, pool } from "@/lib/kernel/db";
import { createSession, isSessionAlive } from "@/lib/people/administrators/store";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { subscribe } from "./hub";
import { deleteOldEvents, publish } from "./mutations";
import { readEventsAfter, type StoredEvent } from "./queries";
import { openStreams } from "./stream-places";

withDatabase();
const notice = (id: string) => ({ type: "contact", id }) as const;
const heard: (StoredEvent | "resync")[] = [];
let leave: () => void;

beforeEach(async () => {
  heard.length = 0;
  leave = subscribe((event) => heard.push(event));
  await untilListening();
});
afterEach(() => leave());

/** Connections that listen: what they said last is that, or what they tell themselves. */
const LISTENING = `FROM pg_stat_activity
  WHERE query ~ '^(LISTEN postkey_events|NOTIFY)' AND state = 'idle' AND datname = current_database()`;

/** The connection that listens is opened in the background. */
async function untilListening() {
  const listening = () => pool().query(`SELECT 1 ${LISTENING}`);
  await expect.poll(async () => (await listening()).rowCount).toBeGreaterThan(0);
}

const lastEvent = () => db().event.findFirstOrThrow({ orderBy: { id: "desc" } });

const ids = () => heard.map((event) => (event === "resync" ? event : event.notice.id));

describe("an event", () => {
  test("is heard once its change is committed, and not before", async () => {
    await db().$transaction(async (tx) => {
      await publish(tx, notice("committed"));
      expect(await pool().query("SELECT 1")).toBeDefined();
      expect(ids()).toEqual([]);
    });
    await expect.poll(() => ids()).toEqual(["committed"]);
  });

  test("of a change that was rolled back is never heard", async () => {
    const broken = db().$transaction(async (tx) => {
      await publish(tx, notice("rolled back"));
      throw new Error("no");
    });
    await expect(broken).rejects.toThrow("no");
    await db().$transaction((tx) => publish(tx, notice("after")));
    await expect.poll(() => ids()).toEqual(["after"]);
  });

  test("comes from every change, and carries no data", async () => {
    const { id } = await createContactList(administrator(), { name: "Customers" });
    await expect.poll(() => ids()).toEqual([id]);
    expect(JSON.stringify(heard)).not.toContain("Customers");
  });

  test("is read again from the one that was seen last, in order", async () => {
    for (const id of ["1", "2", "3"]) await db().$transaction((tx) => publish(tx, notice(id)));
    await expect.poll(() => ids()).toEqual(["1", "2", "3"]);
    const [first, second, third] = heard as StoredEvent[];
    expect(await readEventsAfter(first?.id ?? "")).toEqual([second, third]);
    expect(await readEventsAfter(third?.id ?? "")).toEqual([]);
  });

  test("that nobody knows any more, or that too many followed, cannot be resumed from", async () => {
    expect(await readEventsAfter("999999999999999999")).toBeNull();
    await db().$transaction((tx) => publish(tx, notice("seen")));
    const { id } = await lastEvent();
    await db().event.createMany({
      data: Array.from({ length: 501 }, (_, index) => ({
        type: "contact",
        payload: { id: `${index}` },
      })),
    });
    expect(await readEventsAfter(`${id}`)).toBeNull();
    await expect.poll(() => ids()).toContain("500");
  });

  test("has its number in the order of the commits, however transactions meet", async () => {
    const pause = (tx: Parameters<typeof publish>[0]) =>
      tx.$executeRaw`SELECT pg_sleep(random() / 30)`;
    const commitLater = (id: string) =>
      db().$transaction(async (tx) => {
        await pause(tx);
        await publish(tx, notice(id));
        await pause(tx);
      });
    await Promise.all(["a", "b", "c", "d", "e", "f"].map(commitLater));
    await expect.poll(() => heard).toHaveLength(6);
    const numbers = (heard as StoredEvent[]).map(({ id }) => Number(id));
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
  });

  test("is forgotten after a day", async () => {
    await db().$transaction((tx) => publish(tx, notice("old")));
    await db().event.updateMany({ data: { at: new Date(Date.now() - 25 * 3_600_000) } });
    await deleteOldEvents();
    expect(await db().event.count()).toBe(0);
  });
});

/** Another takes its place. */
async function loseConnection() {
  await pool().query(`SELECT pg_terminate_backend(pid) ${LISTENING}`);
  await expect.poll(() => ids()).toContain("resync");
  await untilListening();
}

test("a lost connection is made again, and pages are told to load everything", async () => {
  await loseConnection();
  await db().$transaction((tx) => publish(tx, notice("after")));
  await expect.poll(() => ids()).toContain("after");
});

test("a connection that does not hear itself is made again", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"], shouldClearNativeTimers: true });
  await loseConnection();
  heard.length = 0;
  // Both times in one turn: what it tells itself at the first cannot arrive before the second.
  vi.advanceTimersByTime(16_000);
  vi.useRealTimers();
  await expect.poll(() => ids()).toContain("resync");
});

describe("a browser's stream", () => {
  const decoder = new TextDecoder();

  async function open(lastEventId: string | null, signal = new AbortController().signal) {
    const { id: administratorId } = await db().administrator.upsert({
      where: { email: "ada@contoso.test" },
      create: { email: "ada@contoso.test", name: "Ada", passwordHash: "-" },
      update: {},
    });
    const sessionId = await createSession(administratorId);
    const response = eventStream({
      isStillSomebody: () => isSessionAlive(sessionId),
      lastEventId,
      signal,
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const reader = response.body?.getReader();
    if (!reader) throw new Error("There is no stream.");
    return reader;
  }
  type Reader = Awaited<ReturnType<typeof open>>;

  async function readUntil(reader: Reader, text: string): Promise<string> {
    for (let read = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`The stream ended after: ${read}`);
      read += decoder.decode(value);
      if (read.includes(text)) return read;
    }
  }

  test("begins with what was missed, and tells what happens, with ids to resume from", async () => {
    await db().$transaction((tx) => publish(tx, notice("seen")));
    const seen = await lastEvent();
    await db().$transaction((tx) => publish(tx, notice("missed")));
    const reader = await open(`${seen.id}`);
    expect(await readUntil(reader, "missed")).not.toContain('"seen"');
    await db().$transaction((tx) => publish(tx, notice("live")));
    expect(await readUntil(reader, "live")).toMatch(/id: \d+\nevent: notice\ndata: \{.*\}\n\n/);
    await reader.cancel();
  });

  test("that is left while it reads what was missed fails nothing", async () => {
    await db().$transaction((tx) => publish(tx, notice("seen")));
    const seen = await lastEvent();
    await db().$transaction((tx) => publish(tx, notice("missed")));
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", note);
    await (await open(`${seen.id}`)).cancel();
    // What it reads for that stream is answered before this.
    await db().event.count();
    await new Promise(setImmediate);
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  test("ends with its request or with the server, and leaves nothing behind", async () => {
    const stop = () => openStreams().forEach((close) => void close());
    for (const ends of [(request: AbortController) => request.abort(), stop]) {
      const request = new AbortController();
      // What is no id begins anew.
      const reader = await open("0; DROP", request.signal);
      await readUntil(reader, "retry:");
      expect(openStreams().size).toBe(1);
      ends(request);
      expect((await reader.read()).done).toBe(true);
      expect(openStreams().size).toBe(0);
    }
  });
});

describe("the audit trail", () => {
  const object = { kind: "thing", id: "1" };
  const record = (name: string, version: number, ...changed: string[]) => {
    const entry = { action: "thing.update", object: { ...object, name: "Thing" } };
    return db().$transaction((tx) =>
      recordAudit(tx, administrator(name), { ...entry, detail: { version, changed } }),
    );
  };

  test("is only ever added to", async () => {
    await record("Ada", 2, "Name");
    for (const sql of ["UPDATE %s SET action = ''", "DELETE FROM %s", "TRUNCATE %s"])
      await expect(pool().query(sql.replace("%s", '"AuditEvent"'))).rejects.toThrow(/append-only/);
  });

  test("knows who changed what since a version", async () => {
    await record("Bob", 4, "Name", "Key");
    await record("Cem", 5, "Key");
    expect(await findChangesSince(object, 3)).toMatchObject({ by: "Cem", fields: ["Key", "Name"] });
    expect(await findChangesSince(object, 5)).toBeNull();
    expect(await findChangesSince({ kind: "thing", id: "2" }, 1)).toBeNull();
  });
});
