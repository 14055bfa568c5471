import { expect, test } from "vitest";
import type { History, HistoryPoint } from "@/lib/watch/history/schema";
import { chartPanels, momentFormat, valueText } from "./chart-panels";

const at = new Date("2026-11-26T09:00:00Z");
const NONE = { renewed: null, notRenewed: null, passed: null, failed: null, skipped: null };
const NOTHING: HistoryPoint = { at, ...NONE, p50Ms: null, p95Ms: null, captureLagS: null };

const panelsOf = (...points: Partial<HistoryPoint>[]) =>
  chartPanels({
    range: "day",
    since: null,
    p50Ms: 320,
    p95Ms: 1_250,
    points: points.map((point) => ({ ...NOTHING, ...point })),
  } satisfies History);

test("charts say in a sentence what they show", () => {
  const one = { renewed: 1_200, notRenewed: 1, passed: 9, failed: 0, skipped: 3, captureLagS: 40 };
  const other = { ...one, notRenewed: 2, p50Ms: 300, p95Ms: 1_250, captureLagS: 7_500 };
  expect(panelsOf(one, other).map(({ summary }) => summary)).toEqual([
    "2,400 renewed and 3 failed in the last 24 hours.",
    "18 passed, 0 failed and 6 were skipped in the last 24 hours.",
    "Half of them took at most 320 ms, and 95% at most 1.3 s in the last 24 hours.",
    "The longest wait was 2 h 5 min in the last 24 hours.",
  ]);
});

test("charts draw nothing where nothing happened, and keep a gap where nothing was recorded apart from 0", () => {
  const empty = panelsOf({}, { renewed: 0, notRenewed: 0, captureLagS: 0 });
  expect(empty.map(({ rows }) => rows)).toEqual([[], [], [], []]);
  const [renewals] = panelsOf({}, { renewed: 5, notRenewed: 0 });
  expect(renewals?.rows.map(({ values }) => values)).toEqual([
    [null, null],
    [5, 0],
  ]);
  expect([null, 0, 1_234].map((value) => valueText(value, "count"))).toEqual(["–", "0", "1,234"]);
});

test("moments are by the reader's clock, days as they are counted", () => {
  expect(momentFormat("hour", "Asia/Kathmandu").format(at)).toBe("14:45");
  expect(momentFormat("week", "Asia/Kathmandu").format(at)).toBe("Thu 14:45");
  expect(momentFormat("month", "Pacific/Auckland").format(at)).toBe("26 Nov");
});
