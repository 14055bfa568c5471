import { describe, expect, test } from "vitest";
import { addMonths } from "./clock";

const day = (date: Date) => date.toISOString().slice(0, 10);

describe("months from a day", () => {
  test.each([
    ["2026-08-31", 6, "2027-02-28"],
    ["2027-08-31", 6, "2028-02-29"],
    ["2028-02-29", 12, "2029-02-28"],
    ["2026-11-30", 24, "2028-11-30"],
    ["2026-12-31", 2, "2027-02-28"],
  ])("%s and %i months are %s", (from, months, expected) => {
    expect(day(addMonths(new Date(`${from}T12:00:00Z`), months))).toBe(expected);
  });
});
