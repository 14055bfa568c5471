import fc from "fast-check";
import { expect, test } from "vitest";
import { withDatabase } from "@/lib/testing/database";
import {
  asLongAsFailing,
  longestAfter,
  longestAfterFailures,
  waitAfterFailures,
  waitForAnswer,
} from "./backoff";
import { pool } from "./db";

withDatabase();

const backoff = { firstMs: 1_000, longestMs: 60_000 };

test.each([
  [0, 1_000],
  [1, 2_000],
  [5, 32_000],
  [6, 60_000],
  [1_000_000, 60_000],
])("after %d failures before it, a wait is %d ms at the most", (failures, longest) => {
  expect(waitAfterFailures(backoff, failures, () => 1)).toBe(longest);
  expect(waitAfterFailures(backoff, failures, () => 0)).toBe(1_000);
  expect(waitAfterFailures({ ...backoff, leastMs: 0 }, failures, () => 0)).toBe(0);
});

test("a wait never leaves its bounds", () => {
  const chance = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), chance, (failures, random) => {
      const waitMs = waitAfterFailures(backoff, failures, () => random);
      expect(waitMs).toBeGreaterThanOrEqual(backoff.firstMs);
      expect(waitMs).toBeLessThanOrEqual(backoff.longestMs);
    }),
  );
});

test("the longest that it may be is the same in a statement", async () => {
  const { rows } = await pool().query<{ failures: number; ms: number }>(
    `SELECT n AS failures, (extract(epoch FROM ${longestAfter("n", backoff)}) * 1000)::float8 AS ms
      FROM unnest('{0,1,5,6,20,21,1000000}'::int[]) n`,
  );
  const longest = rows.map(({ failures }) => longestAfterFailures(backoff, failures));
  expect(rows.map(({ ms }) => ms)).toEqual(longest);
});

test("what is waited for is asked about after half as long again", () => {
  const waits = [0, 20_000, 600_000].map((waited) => waitForAnswer(backoff, waited));
  expect(waits).toEqual([1_000, 10_000, 60_000]);
});

test("what has failed for some time is looked at again after as long", async () => {
  const wait = asLongAsFailing("t", backoff);
  const { rows } = await pool().query(
    `SELECT extract(epoch FROM ${wait})::int AS seconds FROM unnest('{NULL,0 s,20 s,2 hours}'::interval[]) t`,
  );
  expect(rows.map(({ seconds }) => seconds)).toEqual([1, 1, 20, 60]);
});
