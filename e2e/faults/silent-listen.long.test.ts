import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { subscribe } from "@/lib/kernel/events/hub";
import { publish } from "@/lib/kernel/events/mutations";
import type { StoredEvent } from "@/lib/kernel/events/queries";
import { withDatabase } from "@/lib/testing/database";
import { report } from "@/lib/testing/long";
import { type SilentProxy, startSilentProxy } from "./silent-proxy";

withDatabase();
/** The promise of docs/reliability.md. */
const SHOWN_WITHIN_MS = 30 * SECOND_MS;
const ROUNDS = 10;

let proxy: SilentProxy;
let direct: string;
const heard: (StoredEvent | "resync")[] = [];
let leave: () => void;

beforeAll(async () => {
  direct = process.env.DATABASE_URL ?? "";
  proxy = await startSilentProxy(direct);
  process.env.DATABASE_URL = proxy.url;
});
beforeEach(async () => {
  heard.length = 0;
  leave = subscribe((event) => heard.push(event));
  await expect.poll(() => listeners(), { timeout: 10_000 }).toBeGreaterThan(0);
});
afterEach(() => leave());
afterAll(() => proxy.close());

/** Connections that listen, as the server sees them, including those whose client is gone. */
async function listeners(): Promise<number> {
  const { rows } = await pool().query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^(LISTEN|NOTIFY)'`,
  );
  return rows.length;
}

const tell = (id: string) => db().$transaction((tx) => publish(tx, { type: "contact", id }));
const ids = () => heard.map((event) => (event === "resync" ? event : event.notice.id));

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

test(
  "an idle web whose connections go silent tells its pages to load everything, and hears again",
  async () => {
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
      await expect.poll(ids, { timeout: 5_000, interval: 50 }).toContain("after");
      proxy.bury();
    }
    report("live pages of an idle web, silent", {
      rounds: ROUNDS,
      "told after": `${(worst / SECOND_MS).toFixed(1)} s`,
    });
  },
  ROUNDS * 60_000,
);

test("an idle web whose connection is heard stays as it is", async () => {
  await new Promise((done) => setTimeout(done, 20 * SECOND_MS));
  expect(heard).toEqual([]);
  await tell("still heard");
  await expect.poll(ids, { timeout: 5_000, interval: 50 }).toEqual(["still heard"]);
}, 40_000);
