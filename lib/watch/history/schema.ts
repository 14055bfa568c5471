import { z } from "zod";
import type { BucketSpan } from "@/lib/kernel/metrics/schema";

export const HISTORY_RANGES = ["hour", "day", "week", "month"] as const;
export type HistoryRange = (typeof HISTORY_RANGES)[number];

/** Twelve to thirty points: fits a phone and a table read aloud. */
export const HISTORY_SCALES = {
  hour: { label: "Last hour", span: "5m", points: 12 },
  day: { label: "Day", span: "1h", points: 24 },
  week: { label: "Week", span: "6h", points: 28 },
  month: { label: "Month", span: "1d", points: 30 },
} as const satisfies Record<HistoryRange, { label: string; span: BucketSpan; points: number }>;

export const historyFilterSchema = z.object({ range: z.enum(HISTORY_RANGES).optional() });
