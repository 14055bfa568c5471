import fc from "fast-check";
import { describe, expect, test } from "vitest";
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

describe("the wait after a failure", () => {
  test.each([
    [0, 1_000],
    [1, 2_000],
    [5, 32_000],
    [6, 60_000],
    [1_000_000, 60_000],
  ])("doubles: after %d failures before it is %d ms at the most", (failures, longest) => {
    expect(waitAfterFailures(backoff, failures, () => 1)).toBe(longest);
    expect(waitAfterFailures(backoff, failures, () => 0)).toBe(1_000);
  });

  test("may be shorter than the first one where chance is given all of it", () => {
    expect(waitAfterFailures({ ...backoff, leastMs: 0 }, 3, () => 0)).toBe(0);
  });

  test("never leaves its bounds", () => {
    const chance = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.nat(), chance, (failures, random) => {
        const waitMs = waitAfterFailures(backoff, failures, () => random);
        expect(waitMs).toBeGreaterThanOrEqual(backoff.firstMs);
        expect(waitMs).toBeLessThanOrEqual(backoff.longestMs);
      }),
    );
  });
});

test("the longest that it may be is the same in a statement", async () => {
  const { rows } = await pool().query<{ failures: number; ms: number }>(
    `SELECT n AS failures, (extract(epoch FROM ${longestAfter("n", backoff)}) * 1000)::float8 AS ms
      FROM unnest('{0,1,5,6,20,21,1000000}'::int[]) n`,
  );
  const longest = rows.map(({ failures }) => longestAfterFailures(backoff, failures));
  expect(rows.map(({ ms }) => ms)).toEqual(longest);
  expect(longest.slice(0, 4)).toEqual([1_000, 2_000, 32_000, 60_000]);
});

test("what is waited for is asked about after half as long again", () => {
  expect(waitForAnswer(backoff, 0)).toBe(1_000);
  expect(waitForAnswer(backoff, 20_000)).toBe(10_000);
  expect(waitForAnswer(backoff, 600_000)).toBe(60_000);
});

test.each([
  [null, 1],
  ["0 s", 1],
  ["20 s", 20],
  ["2 hours", 60],
])("what has failed for %s is looked at again in %d s", async (failingFor, seconds) => {
  const wait = asLongAsFailing("$1::interval", backoff);
  const { rows } = await pool().query(`SELECT extract(epoch FROM ${wait})::int AS seconds`, [
    failingFor,
  ]);
  expect(rows).toEqual([{ seconds }]);
});
