import { expect, test } from "vitest";
import { withDatabase } from "@/lib/testing/database";
import { pool } from "./db";
import { endsSoon, goesOn } from "./ends";

withDatabase();

test.each([
  ["never", "NULL", { goes: true, soon: null }],
  ["now", "now()", { goes: false, soon: false }],
  ["in a moment", "now() + interval '1 ms'", { goes: true, soon: true }],
  ["at the end of 30 days", "now() + interval '30 days'", { goes: true, soon: true }],
  ["after them", "now() + interval '30 days 1 ms'", { goes: true, soon: false }],
])("what ends %s", async (_when, end, said) => {
  const at = `(${end})::timestamptz`;
  const { rows } = await pool().query(`SELECT ${goesOn(at)} AS goes, ${endsSoon(at)} AS soon`);
  expect(rows).toEqual([said]);
});
