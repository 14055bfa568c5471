"use client";

import "@mantine/charts/styles.css";
import { BarChart, LineChart } from "@mantine/charts";
import { type ChartPanel, type ChartUnit, valueText } from "./chart-panels";

type PlotProps = { panel: ChartPanel; moments: string[] };

/** Without motion; the table serves keyboards and screen readers. */
export function Plot({ panel, moments }: PlotProps) {
  const { kind, series, rows, unit } = panel;
  const data = rows.map(({ values }, nth) => ({
    moment: moments[nth] ?? "",
    ...Object.fromEntries(series.map(({ label }, column) => [label, values[column] ?? null])),
  }));
  const common = {
    h: "100%",
    data,
    dataKey: "moment",
    series: series.map(({ label, tone }) => ({ name: label, color: `var(--chart-${tone})` })),
    valueFormatter: (value: number) => valueText(value, unit),
    accessibilityLayer: false,
    xAxisProps: { interval: "equidistantPreserveStart", minTickGap: 24 } as const,
    yAxisProps: { width: 56, interval: 0, ...gridlines(panel) } as const,
  };
  if (kind === "bars") return <BarChart {...common} type="stacked" maxBarWidth={28} />;
  return (
    <LineChart
      {...common}
      curveType="linear"
      connectNulls={false}
      dotProps={{ r: 2.5, strokeWidth: 0 }}
      activeDotProps={{ r: 4, strokeWidth: 0 }}
    />
  );
}

/** Durations need ticks that know a minute has 60 seconds. */
function gridlines({ unit, rows }: ChartPanel) {
  if (unit === "count") return { tickCount: 4, allowDecimals: false };
  const ticks = durationTicks(Math.max(...rows.flatMap(({ values }) => values.map(Number))), unit);
  const domain: [number, number] = [0, ticks.at(-1) ?? 0];
  return { ticks, domain, tickFormatter: (value: number) => tickText(value, unit) };
}

const [MINUTE_S, HOUR_S, DAY_S] = [60, 3_600, 86_400];

/** In seconds; up to four multiples of each read exactly: `1 min`, not `1.5 min`. */
const STEPS_S = [
  1,
  2,
  5,
  10,
  15,
  ...[1, 2, 5, 15].map((minutes) => minutes * MINUTE_S),
  ...[1, 3, 6].map((hours) => hours * HOUR_S),
];

const INTERVALS = 4;

/** @param max the largest value drawn, in `unit` */
function durationTicks(max: number, unit: Exclude<ChartUnit, "count">): number[] {
  const step = stepFor(max / INTERVALS, unit);
  const count = Math.max(1, Math.ceil(max / step));
  return Array.from({ length: count + 1 }, (_, nth) => nth * step);
}

function stepFor(least: number, unit: Exclude<ChartUnit, "count">): number {
  if (unit === "ms") return roundUp(least);
  return STEPS_S.find((step) => step >= least) ?? DAY_S * roundUp(least / DAY_S);
}

/** 1, 2, 5, 10, 20, 50 … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= value) ?? 10 * power;
}

/** `0 s`, `5 min`, `1 d 12 h`: without zero parts. */
function tickText(value: number, unit: ChartUnit): string {
  return valueText(value, unit).replace(/ 0 (h|min)$/, "");
}
