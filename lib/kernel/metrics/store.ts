import "server-only";
import { pool } from "@/lib/kernel/db";
import { BUCKET_SPANS, CHARTED, type Sample } from "./schema";

/** SQL: each span with its current bucket. */
const CURRENT_BUCKETS = `(VALUES ${Object.entries(BUCKET_SPANS)
  .map(([span, { width }]) => `('${span}', date_bin('${width}', now(), 'epoch'::timestamptz))`)
  .join(", ")}) AS s (span, at)`;

const ADD = `WITH counted AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::float8[]) AS x (name, labels, value)
  ), by_time AS (
    INSERT INTO "CounterBucket" AS b (span, at, name, labels, value)
    SELECT s.span, s.at, x.name, x.labels, x.value FROM counted x CROSS JOIN ${CURRENT_BUCKETS}
    WHERE x.name = ANY($4::text[]) ORDER BY 1, 2, 3, 4
    ON CONFLICT (span, at, name, labels) DO UPDATE SET value = b.value + excluded.value
  )
  INSERT INTO "Counter" AS c (name, labels, value) SELECT name, labels, value FROM counted
  ON CONFLICT (name, labels) DO UPDATE SET value = c.value + excluded.value`;

/** Totals and buckets in one statement, sorted, so that processes cannot deadlock. */
export async function addToCounters(counted: Sample[]): Promise<void> {
  const sorted = [...counted].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  await pool().query(ADD, [
    sorted.map(({ name }) => name),
    sorted.map(({ labels }) => labels),
    sorted.map(({ value }) => value),
    CHARTED,
  ]);
}

/** Beyond every chart, or written by a clock that ran ahead. */
export async function deleteOldBuckets(): Promise<void> {
  for (const [span, { width, kept }] of Object.entries(BUCKET_SPANS))
    await pool().query(
      `DELETE FROM "CounterBucket" WHERE span = $1
        AND (at < now() - $2::interval OR at > now() + $3::interval)`,
      [span, kept, width],
    );
}

function keyOf({ name, labels }: Sample): string {
  return `${name} ${labels}`;
}
