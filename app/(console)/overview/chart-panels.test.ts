import { expect, test } from "vitest";
import type { History, HistoryPoint } from "@/lib/watch/history/schema";
import { chartPanels, valueText } from "./chart-panels";

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
