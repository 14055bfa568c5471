import { expect, test } from "vitest";
import { foreseenText } from "./foreseen-text";

const run = { accounts: 9_796, leftOut: 0, parallelism: 8, minutes: null };

test("a run takes as long as the last one lets expect", () => {
  expect(foreseenText({ ...run, minutes: 31 })).toBe(
    "Postkey tests 8 at a time: about 31 minutes, as fast as the last run.",
  );
  expect(foreseenText({ ...run, minutes: 180, leftOut: 2 })).toBe(
    "2 accounts are inactive and left out. Postkey tests 8 at a time: about 3 hours, as fast as the last run.",
  );
});

test("before the first run, as long as likely tests take", () => {
  expect(foreseenText(run)).toContain(
    "8 at a time: about 20 minutes to 61 minutes if a test takes 1 to 3 seconds.",
  );
  expect(foreseenText({ ...run, accounts: 40 })).toContain("about 1 minute if a test");
});
