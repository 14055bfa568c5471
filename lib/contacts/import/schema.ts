import { z } from "zod";
import { idSchema } from "@/lib/kernel/fields/schema";

/** Below what Next.js keeps of a body that passes proxy.ts (10 MB). */
export const IMPORT_MAX_BYTES = 8 * 1024 * 1024;
export const IMPORT_MAX_ROWS = 50_000;

export const importParamsSchema = z.object({
  contactListId: idSchema,
  dryRun: z.enum(["true", "false"]).default("true"),
});

export const IMPORT_OUTCOMES = ["new", "existing", "refused"] as const;
export type ImportOutcome = (typeof IMPORT_OUTCOMES)[number];

const importRowSchema = z.object({
  /** Of the file, as an editor counts them. */
  line: z.number(),
  outcome: z.enum(IMPORT_OUTCOMES),
  email: z.string(),
  name: z.string(),
  /** Why it is not new. */
  reason: z.string(),
});

/** The outcome of an import, or of its dry run. */
export const importReportSchema = z.object({
  isDryRun: z.boolean(),
  encoding: z.string(),
  counts: z.record(z.enum(IMPORT_OUTCOMES), z.number()),
  rows: z.array(importRowSchema),
});

export type ImportRow = z.output<typeof importRowSchema>;
export type ImportReport = z.output<typeof importReportSchema>;
