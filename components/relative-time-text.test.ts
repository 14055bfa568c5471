import { expect, test } from "vitest";
import { dueTime } from "./due-time-text";
import { relativeTime, staysFor } from "./relative-time-text";

const NOW = Date.UTC(2026, 10, 25, 12);
const DAY = 86_400;

test.each([
  [0, "just now"],
  [-9, "just now"],
  [-30, "30 seconds ago"],
  [45, "in 45 seconds"],
  [-60, "1 minute ago"],
  [-7_200, "2 hours ago"],
  [3_600, "in 1 hour"],
  [-DAY, "yesterday"],
  [DAY, "tomorrow"],
  [-3 * DAY, "3 days ago"],
  [8 * DAY, "next week"],
  [-40 * DAY, "last month"],
  [183 * DAY, "in 6 months"],
  [-800 * DAY, "2 years ago"],
])("%d seconds from now is “%s”", (seconds, text) => {
  expect(relativeTime(new Date(NOW + seconds * 1_000), NOW)).toBe(text);
});

test.each([
  [-1, 5_000],
  [-59, 5_000],
  [30, 5_000],
  [-60, 30_000],
  [-DAY, 30_000],
])("that of %d seconds from now is written again after %d ms", (seconds, ms) => {
  expect(staysFor(new Date(NOW + seconds * 1_000), NOW)).toBe(ms);
});

test("it reads as the platform's own format does", () => {
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of [
    ["minute", 60],
    ["hour", 3_600],
    ["day", DAY],
  ] as const)
    for (const count of [-5, -2, -1, 1, 2, 5]) {
      const at = new Date(NOW + count * size * 1_000);
      expect(relativeTime(at, NOW)).toBe(format.format(count, unit));
    }
});

test.each([
  [-7_200, "due now"],
  [-12, "due now"],
  [5, "due now"],
  [45, "in 45 seconds"],
  [DAY, "tomorrow"],
])("what is planned %d seconds from now is “%s”", (seconds, text) => {
  expect(dueTime(new Date(NOW + seconds * 1_000), NOW)).toBe(text);
});
