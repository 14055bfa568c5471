import { expect, test } from "vitest";
import { DAY_MS } from "@/lib/kernel/clock";
import type { ExpiryLine } from "@/lib/watch/calendar/schema";
import { timelineOf } from "./timeline";

/** A Thursday. */
const NOW = new Date("2026-11-26T09:00:00Z");

function line(days: number, { count = 1, isLater = false } = {}): ExpiryLine {
  const at = new Date(NOW.getTime() + days * DAY_MS);
  return { at, kind: "secret", count, signIns: 0, isLater, expiries: [] };
}

const counts = (weeks: { label: string; lines: ExpiryLine[] }[]) =>
  weeks.map(({ label, lines }) => [label, ...lines.map(({ count }) => count)]);

test("the next days are grouped by week, which begins on Monday", () => {
  const { weeks, later } = timelineOf([line(1), line(3), line(4), line(5), line(13)], NOW);
  expect(counts(weeks)).toEqual([
    ["This week", 1, 1],
    ["Next week", 1, 1],
    ["Week of 7 December", 1],
  ]);
  expect(later).toEqual({ weeks: [], count: 0 });
});

test("what is further away is folded, and told as a number", () => {
  const later = [line(20, { count: 12, isLater: true }), line(27, { count: 3, isLater: true })];
  const timeline = timelineOf([line(1), ...later], NOW);
  expect(counts(timeline.weeks)).toEqual([["This week", 1]]);
  expect(counts(timeline.later.weeks)).toEqual([
    ["Week of 14 December", 12],
    ["Week of 21 December", 3],
  ]);
  expect(timeline.later.count).toBe(15);
});
