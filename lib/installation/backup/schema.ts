import { z } from "zod";

export const FORMAT_VERSION = 1;

const tableSchema = z.strictObject({
  name: z.string(),
  columns: z.array(z.string()).min(1),
});

export const headerSchema = z.object({
  format: z.literal("postkey-backup"),
  version: z.literal(FORMAT_VERSION),
  installationId: z.uuid(),
  createdAt: z.iso.datetime(),
  migrations: z.array(z.strictObject({ name: z.string(), checksum: z.string() })).min(1),
  /** A sealed known text: proves the key. */
  canary: z.string(),
  /** No row refers to a later one. */
  tables: z.array(tableSchema),
});

/** Without it the file is cut short. */
export const trailerSchema = z.strictObject({
  end: z.literal(true),
  rows: z.record(z.string(), z.int().nonnegative()),
  /** Covers everything before this line. */
  sha256: z.string(),
});

export type BackupHeader = z.output<typeof headerSchema>;
export type BackupTable = z.output<typeof tableSchema>;
export type BackupTrailer = z.output<typeof trailerSchema>;
