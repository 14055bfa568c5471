import { z } from "zod";

export const FORMAT_VERSION = 1;

/** What a table holds, in the order of its columns in the file. */
const tableSchema = z.strictObject({
  name: z.string(),
  columns: z.array(z.string()).min(1),
});

/** The first line of a backup. */
export const headerSchema = z.object({
  format: z.literal("postkey-backup"),
  version: z.literal(FORMAT_VERSION),
  installationId: z.uuid(),
  createdAt: z.iso.datetime(),
  /** Those that the database had, in their order. */
  migrations: z.array(z.strictObject({ name: z.string(), checksum: z.string() })).min(1),
  /** A known text, sealed: only the key of the installation opens it. */
  canary: z.string(),
  /** In an order in which no row refers to one that comes later. */
  tables: z.array(tableSchema),
});

/** The last line: without it the file is not whole. */
export const trailerSchema = z.strictObject({
  end: z.literal(true),
  rows: z.record(z.string(), z.int().nonnegative()),
  /** SHA-256 of everything before this line. */
  sha256: z.string(),
});

export type BackupHeader = z.output<typeof headerSchema>;
export type BackupTable = z.output<typeof tableSchema>;
export type BackupTrailer = z.output<typeof trailerSchema>;
