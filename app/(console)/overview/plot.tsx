"use client";

import "@mantine/charts/styles.css";
import { BarChart, LineChart } from "@mantine/charts";
import { durationTicks, tickText } from "./axis";
import { type ChartPanel, valueText } from "./chart-panels";

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
