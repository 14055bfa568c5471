import { expect, test } from "vitest";
import { DAY_MS } from "@/lib/kernel/clock";
import { timelineOf } from "./timeline";

const THURSDAY = new Date("2026-11-26T09:00:00Z");

const line = (days: number, count = 1, isLater = false) => ({
  at: new Date(THURSDAY.getTime() + days * DAY_MS),
  kind: "secret" as const,
  count,
  signIns: 0,
  isLater,
  expiries: [],
});

test("the next days are grouped by week, which begins on Monday, and what is further away is folded", () => {
  const soon = [line(1), line(3), line(4), line(13)];
  const { weeks, later } = timelineOf([...soon, line(20, 12, true), line(27, 3, true)], THURSDAY);
  const counts = ({ label, lines }: (typeof weeks)[number]) =>
    `${label}: ${lines.map(({ count }) => count)}`;
  expect(weeks.map(counts)).toEqual(["This week: 1,1", "Next week: 1", "Week of 7 December: 1"]);
  expect(later.weeks.map(counts)).toEqual(["Week of 14 December: 12", "Week of 21 December: 3"]);
  expect(later.count).toBe(15);
});
