import { expect, test } from "vitest";
import { addMonths } from "./clock";

test.each([
  ["2026-08-31", 6, "2027-02-28"],
  ["2027-08-31", 6, "2028-02-29"],
  ["2026-11-30", 24, "2028-11-30"],
])("%s and %i months are %s", (from, months, expected) => {
  const end = addMonths(new Date(`${from}T12:00:00Z`), months);
  expect(end.toISOString().slice(0, 10)).toBe(expected);
});
