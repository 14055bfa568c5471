import { expect, test } from "vitest";
import { withDatabase } from "@/lib/testing/database";
import { pool } from "./db";
import { isAlive, isForgotten } from "./heartbeat";
import { LEASES, leaseFor } from "./leases";

withDatabase();

/** What the database makes of a condition on a time, given as so long from now. */
async function holds(condition: (time: string) => string, fromNow: string): Promise<boolean> {
  const { rows } = await pool().query(
    `SELECT ${condition("t.at")} AS holds FROM (SELECT now() + $1::interval AS at) t`,
    [fromNow],
  );
  return rows[0].holds;
}

test("a lease holds until it ends, and not when a clock wrote it that ran ahead", async () => {
  const { isHeld, isFree, until, endOf, beginOf } = leaseFor(60);
  expect(await holds(isHeld, "59 s")).toBe(true);
  expect(await holds(isHeld, "0 s")).toBe(false);
  expect(await holds(isHeld, "1 hour")).toBe(false);
  expect(await holds(isFree, "1 hour")).toBe(true);
  expect(await holds((time) => `${until} = ${endOf(time)}`, "0 s")).toBe(true);
  expect(await holds((time) => `now() = ${beginOf(time)}`, "60 s")).toBe(true);
});

test.each(Object.entries(LEASES))(
  "of %s two renewals may be missed",
  (_name, { ms, renewEveryMs }) => {
    expect(3 * renewEveryMs).toBeLessThan(ms);
    expect(4 * renewEveryMs).toBeGreaterThan(ms);
  },
);

test("nobody holds what was never taken", async () => {
  expect(await holds(() => leaseFor(60).isFree("NULL::timestamptz"), "0 s")).toBe(true);
});

test("a process that misses six beats is dead, and forgotten after ten minutes", async () => {
  expect(await holds(isAlive, "-29 s")).toBe(true);
  expect(await holds(isAlive, "-31 s")).toBe(false);
  expect(await holds(isAlive, "1 hour")).toBe(false);
  expect(await holds(isForgotten, "-31 s")).toBe(false);
  expect(await holds(isForgotten, "-11 min")).toBe(true);
  expect(await holds(isForgotten, "1 hour")).toBe(true);
});
