import { z } from "zod";
import type { BucketSpan } from "@/lib/kernel/metrics/schema";

export const HISTORY_RANGES = ["hour", "day", "week", "month"] as const;
export type HistoryRange = (typeof HISTORY_RANGES)[number];

/** From twelve to thirty points each: what fits on a phone and in a table that is read out. */
export const HISTORY_SCALES = {
  hour: { label: "Last hour", span: "5m", points: 12 },
  day: { label: "Day", span: "1h", points: 24 },
  week: { label: "Week", span: "6h", points: 28 },
  month: { label: "Month", span: "1d", points: 30 },
} as const satisfies Record<HistoryRange, { label: string; span: BucketSpan; points: number }>;

/** What the address of the Overview says; without a range it is a day. */
export const historyFilterSchema = z.object({ range: z.enum(HISTORY_RANGES).optional() });

/** What happened from a moment on, until the next point; null where nothing was recorded yet. */
export type HistoryPoint = {
  at: Date;
  renewed: number | null;
  /** Renewals that were refused or not answered. */
  notRenewed: number | null;
  /** Tests of a protocol, by their verdict. */
  passed: number | null;
  failed: number | null;
  skipped: number | null;
  /** Of the tests that passed, in milliseconds; null when there was none. */
  p50Ms: number | null;
  p95Ms: number | null;
  /** The longest wait of an inbox whose senders are saved, in seconds. */
  captureLagS: number | null;
};

export type History = {
  range: HistoryRange;
  /** When recording began, if that is within the range; null when it goes back further. */
  since: Date | null;
  points: HistoryPoint[];
  /** Over the whole range. */
  p50Ms: number | null;
  p95Ms: number | null;
};
