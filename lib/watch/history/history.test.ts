import { beforeEach, describe, expect, test } from "vitest";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { countUp, flushCounters, observe } from "@/lib/kernel/metrics/counters";
import { BUCKET_SPANS, type BucketSpan } from "@/lib/kernel/metrics/schema";
import { addToCounters, deleteOldBuckets } from "@/lib/kernel/metrics/store";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider, setTokens } from "@/lib/testing/outage";
import { readMetrics } from "../metrics/queries";
import { readHistory } from "./queries";
import { HISTORY_RANGES } from "./schema";

withDatabase();
const ada = administrator();

beforeEach(() => db().counterBucket.deleteMany());

/** Moves the stored buckets of a span into the past, by whole buckets. */
async function passTime(span: BucketSpan, interval: string): Promise<void> {
  const sql = `UPDATE "CounterBucket" SET at = at - $2::interval WHERE span = $1`;
  await pool().query(sql, [span, interval]);
}

const LENGTHS = { hour: 12, day: 24, week: 28, month: 30 } as const;

describe.each(HISTORY_RANGES)("the history of a %s", (range) => {
  test("has a point for each step, with what was counted and how long tests took", async () => {
    for (const result of ["renewed", "renewed", "refused", "unanswered", "superseded"])
      countUp("postkey_token_refreshes_total", { result });
    for (const verdict of ["ok", "ok", "ok", "failed", "skipped", "aborted"])
      countUp("postkey_connection_tests_total", { protocol: "imap", verdict });
    for (const protocol of ["imap", "smtp"])
      for (const ms of [300, 400, 800])
        observe("postkey_connection_test_duration_seconds", { protocol }, ms);
    await flushCounters();
    const { points, since } = await readHistory(ada, range);
    expect(points).toHaveLength(LENGTHS[range]);
    // It tells nothing of the time before it was recorded.
    expect(since?.getTime()).toBeGreaterThan(points[0]?.at.getTime() ?? 0);
    expect(points[0]).toMatchObject({ renewed: null, passed: null, p50Ms: null });
    expect(points.at(-1)).toMatchObject({
      renewed: 2,
      notRenewed: 2,
      passed: 3,
      failed: 1,
      skipped: 2,
      // Of six between 0.25 and 0.5 s are four, the rest up to 1 s.
      p50Ms: 438,
      p95Ms: 925,
    });
  });

  test("is empty before anything was recorded", async () => {
    const { points, since } = await readHistory(ada, range);
    expect(since).toBeNull();
    expect(points).toHaveLength(LENGTHS[range]);
    for (const { at, ...counts } of points)
      expect(Object.values(counts).every((count) => count === null)).toBe(true);
  });
});

test("what happened earlier stands at its time, and hours without anything count as none", async () => {
  countUp("postkey_token_refreshes_total", { result: "renewed" });
  await flushCounters();
  await passTime("1h", "3 hours");
  await pool().query(
    `INSERT INTO "CounterBucket" SELECT span, at - interval '2 days', name, labels, 7 FROM "CounterBucket"`,
  );
  const day = await readHistory(ada, "day");
  expect(day.since).toBeNull();
  expect(day.points.map(({ renewed }) => renewed)).toEqual([...Array(20).fill(0), 1, 0, 0, 0]);
});

test("counts are added up by all processes and flushes, and the totals go on", async () => {
  await db().counter.deleteMany();
  for (let flush = 0; flush < 3; flush += 1) {
    countUp("postkey_token_refreshes_total", { result: "renewed" });
    countUp("postkey_api_requests_total", { operation: "listEvents", status: "200" });
    await flushCounters();
  }
  expect((await readHistory(ada, "hour")).points.at(-1)?.renewed).toBe(3);
  const totals = { select: { name: true, value: true }, orderBy: { name: "asc" } } as const;
  expect(await db().counter.findMany(totals)).toEqual([
    { name: "postkey_api_requests_total", value: 3 },
    { name: "postkey_token_refreshes_total", value: 3 },
  ]);
  // What no chart shows is not kept by time.
  expect(await db().counterBucket.count()).toBe(Object.keys(BUCKET_SPANS).length);
});

test("many processes that save at once lose nothing and do not wait for each other in a ring", async () => {
  const counted = Array.from({ length: 12 }, (_, nth) => ({
    name: "postkey_token_refreshes_total",
    labels: `result="${nth % 2 ? "renewed" : "refused"}",nth="${nth}"`,
    value: 1,
  }));
  const shuffled = (turn: number) => [...counted.slice(turn % 12), ...counted.slice(0, turn % 12)];
  await Promise.all(Array.from({ length: 40 }, (_, turn) => addToCounters(shuffled(turn))));
  const last = (await readHistory(ada, "week")).points.at(-1);
  expect(last).toMatchObject({ renewed: 240, notRenewed: 240 });
});

test("how far the saving of senders is behind is noted, where it does not wait for a person", async () => {
  const lag = async () =>
    (await readMetrics(program("metrics:read"))).find(
      ({ name }) => name === "postkey_capture_lag_seconds",
    )?.samples[0]?.value ?? 0;
  const cloudProviderId = await seedProvider();
  const list = await db().contactList.create({ data: { name: "VIP", nameKey: "vip" } });
  const updatedAt = new Date(Date.now() - 30 * MINUTE_MS);
  // What was before it got the List is not waited for.
  const createdAt = new Date(Date.now() - 300 * MINUTE_MS);
  await db().emailAccount.updateMany({ data: { contactListId: list.id, createdAt, updatedAt } });
  for (const state of ["sign_in_again", "fix_registration", "locked"]) {
    await setTokens(cloudProviderId, { state, failureId: "AADSTS50173" });
    expect(await lag()).toBe(0);
  }
  await setTokens(cloudProviderId, null);
  expect(((await lag()) ?? 0) / 60).toBeCloseTo(30, -1);
});

test("a bucket is kept as long as its chart needs it, and none from a clock that ran ahead", async () => {
  await addToCounters([{ name: "postkey_token_refreshes_total", labels: "", value: 1 }]);
  await pool().query(`INSERT INTO "CounterBucket" SELECT span, at + shift, name, labels, value
    FROM "CounterBucket", unnest('{-1 hours,-3 hours,-3 days,-10 days,-34 days,-36 days,2 days}'::interval[]) shift`);
  await deleteOldBuckets();
  const kept = await pool().query(
    `SELECT span, count(*)::int AS count FROM "CounterBucket" GROUP BY span ORDER BY count`,
  );
  expect(kept.rows).toEqual([
    { span: "5m", count: 2 },
    { span: "1h", count: 3 },
    { span: "6h", count: 4 },
    { span: "1d", count: 6 },
  ]);
});
