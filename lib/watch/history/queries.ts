import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { SECOND_MS } from "@/lib/kernel/clock";
import { prepared } from "@/lib/kernel/db";
import { BUCKET_SPANS, type CHARTED, HISTOGRAM_BUCKETS_S } from "@/lib/kernel/metrics/schema";
import { Prisma } from "@/prisma/generated/client";
import { histogramQuantile } from "./quantile";
import { HISTORY_SCALES, type HistoryRange } from "./schema";

const DURATION = "postkey_connection_test_duration_seconds_bucket";

const LABELS = Object.entries({
  postkey_token_refreshes_total: "result",
  postkey_connection_tests_total: "verdict",
  [DURATION]: "le",
} satisfies Record<(typeof CHARTED)[number], string>)
  .map(([name, label]) => `('${name}', '${label}')`)
  .join(", ");

const SPANS = Object.entries(BUCKET_SPANS)
  .map(([span, { width }]) => `('${span}', interval '${width}')`)
  .join(", ");

/**
 * SQL: `recorded`, when recording began, as precisely as is known. A span still knows it while its first bucket
 * lies within the first of each longer span; after that, the buckets that would say so have been deleted.
 */
// Ends: When recording began.
const RECORDED = `first AS (
      SELECT s.width, b.at FROM (VALUES ${SPANS}) AS s (span, width)
      CROSS JOIN LATERAL (SELECT at FROM "CounterBucket" WHERE span = s.span ORDER BY at LIMIT 1) b
    ), recorded AS (
      SELECT max(f.at) AS since FROM first f WHERE NOT EXISTS (SELECT 1 FROM first longer
        WHERE longer.width > f.width
          AND longer.at <> date_bin(longer.width, f.at, 'epoch'::timestamptz))
    )`;

/** Null in an empty point. */
type FoundRow = {
  at: Date;
  isRecorded: boolean;
  since: Date | null;
  name: string | null;
  label: string | null;
  value: number | null;
};

/** Planned once per connection. */
function findPoints(range: HistoryRange): Prisma.Sql {
  const { span, points } = HISTORY_SCALES[range];
  const width = `interval '${BUCKET_SPANS[span].width}'`;
  return Prisma.raw(`WITH point AS (
      SELECT date_bin(${width}, now(), 'epoch'::timestamptz) - n * ${width} AS at
      FROM generate_series(0, ${points - 1}) n
    ), ${RECORDED}, found AS (
      -- A regular expression would take longer than all the rest.
      SELECT b.at, b.name, split_part(split_part(b.labels, m.label || '="', 2), '"', 1) AS label,
        sum(b.value) AS value
      FROM "CounterBucket" b JOIN (VALUES ${LABELS}) AS m (name, label) ON m.name = b.name
      WHERE b.span = '${span}' AND b.at >= (SELECT min(at) FROM point)
      GROUP BY 1, 2, 3
    )
    SELECT p.at, coalesce(p.at + ${width} > r.since, FALSE) AS "isRecorded", r.since, f.name, f.label, f.value
    FROM point p CROSS JOIN recorded r LEFT JOIN found f ON f.at = p.at ORDER BY p.at`);
}

/** Equal steps in UTC, including empty ones. */
export async function readHistory(actor: Actor, range: HistoryRange) {
  requirePermission(actor, "metrics:read");
  const rows = await prepared<FoundRow>(findPoints(range));
  const points = new Map<number, FoundRow[]>();
  for (const row of rows) points.set(+row.at, [...(points.get(+row.at) ?? []), row]);
  const [first] = rows;
  const since = first && !first.isRecorded ? first.since : null;
  return {
    range,
    since,
    points: [...points.values()].map(toPoint),
    p50Ms: latencyMs(rows, 0.5),
    p95Ms: latencyMs(rows, 0.95),
  };
}

export type History = Awaited<ReturnType<typeof readHistory>>;
export type HistoryPoint = History["points"][number];

function toPoint(rows: FoundRow[]) {
  const [first] = rows;
  if (!first) throw new Error("A point of a history has no row.");
  const count = (name: string, ...labels: string[]) =>
    first.isRecorded
      ? sumOf(rows.filter((row) => row.name === name && labels.includes(row.label ?? "")))
      : null;
  return {
    at: first.at,
    renewed: count("postkey_token_refreshes_total", "renewed"),
    notRenewed: count("postkey_token_refreshes_total", "refused", "unanswered"),
    passed: count("postkey_connection_tests_total", "ok"),
    failed: count("postkey_connection_tests_total", "failed"),
    skipped: count("postkey_connection_tests_total", "skipped", "aborted"),
    p50Ms: latencyMs(rows, 0.5),
    p95Ms: latencyMs(rows, 0.95),
  };
}

function sumOf(rows: FoundRow[]): number {
  return rows.reduce((sum, { value }) => sum + (value ?? 0), 0);
}

function latencyMs(rows: FoundRow[], quantile: number): number | null {
  const counted = rows.filter(({ name }) => name === DURATION);
  // Empty buckets are never written.
  const countOf = (le: string) => sumOf(counted.filter(({ label }) => label === le));
  const seconds = histogramQuantile(quantile, [
    ...HISTOGRAM_BUCKETS_S.map((bound) => ({ bound, count: countOf(String(bound)) })),
    { bound: Number.POSITIVE_INFINITY, count: countOf("+Inf") },
  ]);
  return seconds === null ? null : Math.round(seconds * SECOND_MS);
}
