import { describe, expect, test } from "vitest";
import type { History, HistoryPoint } from "@/lib/watch/history/schema";
import { chartPanels, momentFormat, valueText } from "./chart-panels";

const NOTHING: HistoryPoint = {
  at: new Date("2026-11-26T09:00:00Z"),
  renewed: null,
  notRenewed: null,
  passed: null,
  failed: null,
  skipped: null,
  p50Ms: null,
  p95Ms: null,
  captureLagS: null,
};

const historyOf = (...points: Partial<HistoryPoint>[]): History => ({
  range: "day",
  since: null,
  points: points.map((point) => ({ ...NOTHING, ...point })),
  p50Ms: 320,
  p95Ms: 1_250,
});

const summaries = (history: History) => chartPanels(history).map(({ summary }) => summary);

describe("the charts of the Overview", () => {
  test("say in a sentence what they show", () => {
    const one = {
      renewed: 1_200,
      notRenewed: 1,
      passed: 9,
      failed: 0,
      skipped: 3,
      captureLagS: 40,
    };
    const other = { ...one, notRenewed: 2, p50Ms: 300, p95Ms: 1_250, captureLagS: 7_500 };
    expect(summaries(historyOf(one, other))).toEqual([
      "2,400 renewed and 3 failed in the last 24 hours.",
      "18 passed, 0 failed and 6 were skipped in the last 24 hours.",
      "Half of them took at most 320 ms, and 95% at most 1.3 s in the last 24 hours.",
      "The longest wait was 2 h 5 min in the last 24 hours.",
    ]);
  });

  test("have nothing to draw where nothing happened or was recorded, and say so", () => {
    const panels = chartPanels(historyOf({}, { renewed: 0, notRenewed: 0, captureLagS: 0 }));
    expect(panels.map(({ summary, rows }) => [summary, rows])).toEqual([
      ["No sign-in was renewed in the last 24 hours.", []],
      ["Nothing was tested in the last 24 hours.", []],
      ["No test passed in the last 24 hours.", []],
      ["No inbox waited in the last 24 hours.", []],
    ]);
  });

  test("keep a gap where nothing was recorded apart from 0", () => {
    const [renewals] = chartPanels(historyOf({}, { renewed: 5, notRenewed: 0 }));
    expect(renewals?.rows.map(({ values }) => values)).toEqual([
      [null, null],
      [5, 0],
    ]);
    expect([null, 0, 1_234].map((value) => valueText(value, "count"))).toEqual(["–", "0", "1,234"]);
  });
});

test("moments are by the reader's clock, days as they are counted", () => {
  const { at } = NOTHING;
  expect(momentFormat("hour", "Asia/Kathmandu").format(at)).toBe("14:45");
  expect(momentFormat("week", "Asia/Kathmandu").format(at)).toBe("Thu 14:45");
  expect(momentFormat("month", "Pacific/Auckland").format(at)).toBe("26 Nov");
});
