import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { pool } from "@/lib/kernel/db";
import {
  COUNTERS,
  type Family,
  HISTOGRAMS,
  labelsText,
  type Sample,
} from "@/lib/kernel/metrics/schema";
import { GAUGES, type Gauge } from "./gauges";

type GaugeRow = { label: string | null; value: number };

export async function readMetrics(actor: Actor): Promise<Family[]> {
  requirePermission(actor, "metrics:read");
  const [counters, ...gauges] = await Promise.all([
    readCounters(),
    ...Object.entries(GAUGES).map(readGauge),
  ]);
  return [...counters, ...gauges];
}

async function readGauge([name, { help, label, sql }]: [string, Gauge]): Promise<Family> {
  const { rows } = await pool().query<GaugeRow>(sql);
  const samples = rows
    // An empty minimum has no row.
    .filter(({ value }) => value !== null)
    .map((row) => ({
      name,
      labels: label === undefined ? "" : labelsText({ [label]: row.label ?? "" }),
      value: row.value,
    }));
  return { name, help, type: "gauge", samples };
}

async function readCounters(): Promise<Family[]> {
  const { rows } = await pool().query<Sample>(
    `SELECT name, labels, value FROM "Counter" ORDER BY name, labels`,
  );
  const counters = Object.entries(COUNTERS).map(([name, help]) => ({
    name,
    help,
    type: "counter" as const,
    samples: rows.filter((row) => row.name === name),
  }));
  const histograms = Object.entries(HISTOGRAMS).map(([name, help]) => ({
    name,
    help,
    type: "histogram" as const,
    samples: rows.filter((row) =>
      ["_bucket", "_sum", "_count"].some((end) => row.name === `${name}${end}`),
    ),
  }));
  return [...counters, ...histograms];
}
