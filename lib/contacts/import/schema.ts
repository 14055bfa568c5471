import { z } from "zod";
import { idSchema } from "@/lib/kernel/fields/schema";
import { dryRunSchema, importReportOf } from "@/lib/kernel/imports/schema";

export const IMPORT_MAX_ROWS = 50_000;

export const importParamsSchema = z.strictObject({ contactListId: idSchema, dryRun: dryRunSchema });

export const importReportSchema = importReportOf({ email: z.string(), name: z.string() });

export type ImportReport = z.output<typeof importReportSchema>;
export type ImportRow = ImportReport["rows"][number];
