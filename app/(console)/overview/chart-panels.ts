import { formatDuration } from "@/components/duration";
import type { History, HistoryPoint } from "@/lib/watch/history/queries";
import type { HistoryRange } from "@/lib/watch/history/schema";

type Field = Exclude<keyof HistoryPoint, "at">;

export type Series = { label: string; tone: "good" | "bad" | "muted" | "first" | "second" };

export type ChartUnit = "count" | "ms";

export type ChartPanel = {
  title: string;
  summary: string;
  kind: "bars" | "lines";
  unit: ChartUnit;
  series: Series[];
  rows: { at: Date; values: (number | null)[] }[];
};

type Kind = {
  title: string;
  kind: ChartPanel["kind"];
  unit: ChartUnit;
  series: readonly (Series & { field: Field })[];
  summary: (history: History, when: string) => string;
  nothing: string;
};

const KINDS: readonly Kind[] = [
  {
    title: "Renewals",
    kind: "bars",
    unit: "count",
    series: [
      { field: "renewed", label: "Renewed", tone: "good" },
      { field: "notRenewed", label: "Failed", tone: "bad" },
    ],
    nothing: "No sign-in was renewed",
    summary: (history, when) =>
      `${countText(history, "renewed")} renewed and ${countText(history, "notRenewed")} failed ${when}.`,
  },
  {
    title: "Tests of IMAP, SMTP and POP3",
    kind: "bars",
    unit: "count",
    series: [
      { field: "passed", label: "Passed", tone: "good" },
      { field: "skipped", label: "Skipped", tone: "muted" },
      { field: "failed", label: "Failed", tone: "bad" },
    ],
    nothing: "Nothing was tested",
    summary: (history, when) =>
      `${countText(history, "passed")} passed, ${countText(history, "failed")} failed and ` +
      `${countText(history, "skipped")} were skipped ${when}.`,
  },
  {
    title: "Duration of passed tests",
    kind: "lines",
    unit: "ms",
    series: [
      { field: "p50Ms", label: "p50", tone: "first" },
      { field: "p95Ms", label: "p95", tone: "second" },
    ],
    nothing: "No test passed",
    summary: ({ p50Ms, p95Ms }, when) =>
      `Half of them took at most ${formatDuration(p50Ms ?? 0)}, and 95% at most ${formatDuration(p95Ms ?? 0)} ${when}.`,
  },
];

export function chartPanels(history: History): ChartPanel[] {
  const when = {
    hour: "in the last hour",
    day: "in the last 24 hours",
    week: "in the last 7 days",
    month: "in the last 30 days",
  }[history.range];
  return KINDS.map(({ series, summary, nothing, ...kind }) => {
    const rows = history.points.map((point) => ({
      at: point.at,
      values: series.map(({ field }) => point[field]),
    }));
    const isEmpty = rows.every(({ values }) => values.every((value) => !value));
    return {
      ...kind,
      series: series.map(({ label, tone }) => ({ label, tone })),
      summary: isEmpty ? `${nothing} ${when}.` : summary(history, when),
      rows: isEmpty ? [] : rows,
    };
  });
}

function countText({ points }: History, field: Field): string {
  return points.reduce((sum, point) => sum + (point[field] ?? 0), 0).toLocaleString("en");
}

export function valueText(value: number | null, unit: ChartUnit): string {
  if (value === null) return "–";
  if (unit === "ms") return formatDuration(value);
  return value.toLocaleString("en");
}

/** Months are counted in UTC days. */
export function momentFormat(range: HistoryRange, timeZone: string): Intl.DateTimeFormat {
  const clock = { hour: "2-digit", minute: "2-digit", timeZone } as const;
  if (range === "month")
    return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
  if (range === "week") return new Intl.DateTimeFormat("en-GB", { weekday: "short", ...clock });
  return new Intl.DateTimeFormat("en-GB", clock);
}
