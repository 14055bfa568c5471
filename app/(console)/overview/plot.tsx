"use client";

import "@mantine/charts/styles.css";
import { BarChart, LineChart } from "@mantine/charts";
import { type ChartPanel, valueText } from "./chart-panels";

type PlotProps = { panel: ChartPanel; moments: string[] };

/** The drawing itself, without motion. Its table has everything for keyboards and screen readers. */
export function Plot({ panel: { kind, series, rows, unit }, moments }: PlotProps) {
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
    yAxisProps: { width: 56, tickCount: 4, interval: 0, allowDecimals: unit !== "count" } as const,
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
