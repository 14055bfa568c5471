import { z } from "zod";
import * as is from "@/lib/kernel/answers/schema";

/** Below Next.js' limit for bodies that pass proxy.ts (10 MB). */
export const IMPORT_MAX_BYTES = 8 * 1024 * 1024;

const FILE_ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type FileEncoding = (typeof FILE_ENCODINGS)[number];

export const IMPORT_OUTCOMES = ["new", "existing", "repeated", "refused"] as const;
export type ImportOutcome = (typeof IMPORT_OUTCOMES)[number];

export const dryRunSchema = z
  .enum(["true", "false"])
  .default("true")
  .describe("`true` to be told what would happen, `false` to import.");

export function importReportOf<S extends z.ZodRawShape>(fields: S) {
  return z.object({
    isDryRun: z.boolean().describe("`true` if this was a trial run: nothing was written."),
    encoding: z.enum(FILE_ENCODINGS).describe("The encoding that the file was read in."),
    counts: z
      .object({
        new: is.count.describe("Lines that are new."),
        existing: is.count.describe("Lines that exist already."),
        repeated: is.count.describe("Lines that repeat an earlier line of the file."),
        refused: is.count.describe("Lines that can't be imported."),
      })
      .describe("Number of lines with each outcome."),
    rows: z.array(
      z.object({
        line: z.number().describe("The line of the file, counted from 1."),
        outcome: z.enum(IMPORT_OUTCOMES).describe("The outcome for this line."),
        ...fields,
        reason: z.string().describe("The reason, in plain English; of a new account, its servers."),
      }),
    ),
  });
}

export type ImportedLine = { line: number; outcome: ImportOutcome; reason: string };

export function repeats(line: number) {
  return { outcome: "repeated", reason: `Repeats line ${line}.` } as const;
}

export function countOutcomes(rows: readonly ImportedLine[]): Record<ImportOutcome, number> {
  const counts = { new: 0, existing: 0, repeated: 0, refused: 0 };
  for (const { outcome } of rows) counts[outcome] += 1;
  return counts;
}

export function fileLimits(maxRows: number, maxBytes: number): string {
  return `Up to ${maxRows.toLocaleString("en")} lines and ${sizeText(maxBytes)}. Commas, semicolons or tabs; UTF-8, UTF-16 or Windows ANSI.`;
}

export function sizeText(bytes: number): string {
  return bytes < MB ? `${bytes / KB} KB` : `${bytes / MB} MB`;
}

const KB = 1024;
const MB = KB * KB;
