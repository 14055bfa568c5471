import "@mantine/charts/styles.css";
import { BarChart, LineChart } from "@mantine/charts";
import { type ChartPanel, type ChartUnit, valueText } from "./chart-panels";

/** Without motion; the table serves keyboards and screen readers. */
export function Plot({ panel, moments }: { panel: ChartPanel; moments: string[] }) {
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

/** In seconds; up to four multiples of each read exactly: `1 min`, not `1.5 min`. */
const STEPS_S =
  "0.001 0.002 0.005 0.01 0.02 0.05 0.1 0.2 0.5 1 2 5 10 15 60 120 300 900 3600 10800 21600"
    .split(" ")
    .map(Number);
const DAY_S = 86_400;
const INTERVALS = 4;

function durationTicks(max: number, unit: Exclude<ChartUnit, "count">): number[] {
  const scale = unit === "ms" ? 1_000 : 1;
  const least = max / scale / INTERVALS;
  const step = (STEPS_S.find((each) => each >= least) ?? DAY_S * Math.ceil(least / DAY_S)) * scale;
  const count = Math.max(1, Math.ceil(max / step));
  return Array.from({ length: count + 1 }, (_, nth) => nth * step);
}

/** `0 s`, `5 min`, `1 d 12 h`: without zero parts. */
function tickText(value: number, unit: ChartUnit): string {
  return valueText(value, unit).replace(/ 0 (h|min)$/, "");
}
