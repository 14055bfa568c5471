import { expect, test } from "vitest";
import { dueTime, relativeTime } from "./relative-time";

const NOW = Date.UTC(2026, 10, 25, 12);
const DAY = 86_400;

test.each([
  [0, "just now"],
  [-30, "30 seconds ago"],
  [45, "in 45 seconds"],
  [-60, "1 minute ago"],
  [-7_200, "2 hours ago"],
  [-DAY, "yesterday"],
  [DAY, "tomorrow"],
  [8 * DAY, "next week"],
  [-40 * DAY, "6 weeks ago"],
  [45 * DAY, "in 6 weeks"],
  [183 * DAY, "in 6 months"],
  [-800 * DAY, "2 years ago"],
])("%d seconds from now is “%s”", (seconds, text) => {
  expect(relativeTime(new Date(NOW + seconds * 1_000), NOW)).toBe(text);
});

test("what is planned is due from a few seconds before", () => {
  const due = [-7_200, 5, 45, DAY].map((seconds) => dueTime(new Date(NOW + seconds * 1_000), NOW));
  expect(due).toEqual(["due now", "due now", "in 45 seconds", "tomorrow"]);
});
