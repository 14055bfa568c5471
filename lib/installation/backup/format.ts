import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import { AppError } from "@/lib/kernel/errors";

export const FORMAT_VERSION = 1;

const tableSchema = z.strictObject({ name: z.string(), columns: z.array(z.string()).min(1) });

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

/** Gzip: header; per table its name, COPY rows (PostgreSQL, "COPY", text) and `\.`; trailer. */
const END_OF_ROWS = Buffer.from("\\.\n");
const NEWLINE = 0x0a;

export async function* writeBackup(
  header: BackupHeader,
  tables: AsyncIterable<{ table: BackupTable; rows: AsyncIterable<Buffer> }>,
): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  const rows: Record<string, number> = {};
  const hashed = (bytes: Buffer) => {
    hash.update(bytes);
    return bytes;
  };
  yield hashed(lineOf(header));
  for await (const { table, rows: chunks } of tables) {
    yield hashed(lineOf({ table: table.name }));
    let count = 0;
    for await (const chunk of chunks) {
      count += countLines(chunk);
      yield hashed(chunk);
    }
    rows[table.name] = count;
    yield hashed(END_OF_ROWS);
  }
  yield lineOf({ end: true, rows, sha256: hash.digest("hex") } satisfies BackupTrailer);
}

export type BackupPart =
  | { kind: "header"; header: BackupHeader }
  | { kind: "table"; name: string }
  | { kind: "rows"; bytes: Buffer }
  | { kind: "end"; trailer: BackupTrailer };

/** Reaching the end proves it complete. @throws AppError unprocessable */
export async function* readBackup(path: string): AsyncGenerator<BackupPart> {
  const reader = new BackupReader();
  for await (const lines of readLines(path)) yield* reader.read(lines);
  reader.requireEnd();
}

async function* readLines(path: string): AsyncGenerator<Buffer[]> {
  const source = createReadStream(path);
  const gunzip = createGunzip();
  source.once("error", (error) => gunzip.destroy(error));
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of source.pipe(gunzip)) {
      const bytes = Buffer.concat([rest, chunk]);
      const lines = splitLines(bytes);
      rest = bytes.subarray(lines.reduce((length, line) => length + line.length, 0));
      yield lines;
    }
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(error);
  } finally {
    source.destroy();
  }
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, at + 1));
    start = at + 1;
  }
  return lines;
}

class BackupReader {
  readonly #hash = createHash("sha256");
  readonly #counts: Record<string, number> = {};
  #state: "header" | "between" | "rows" | "end" = "header";
  #table = "";

  *read(lines: Buffer[]): Generator<BackupPart> {
    let rows: Buffer[] = [];
    for (const line of lines) {
      if (this.#state === "rows" && !line.equals(END_OF_ROWS)) {
        rows.push(line);
        continue;
      }
      yield* this.#flush(rows);
      rows = [];
      const part = this.#readLine(line);
      if (part) yield part;
    }
    yield* this.#flush(rows);
  }

  *#flush(rows: Buffer[]): Generator<BackupPart> {
    if (rows.length === 0) return;
    const bytes = Buffer.concat(rows);
    this.#hash.update(bytes);
    this.#counts[this.#table] = (this.#counts[this.#table] ?? 0) + rows.length;
    yield { kind: "rows", bytes };
  }

  #readLine(line: Buffer): BackupPart | null {
    if (this.#state === "end") throw damaged("There is something behind its end.");
    if (this.#state === "rows") {
      this.#hash.update(line);
      this.#state = "between";
      return null;
    }
    const parsed = parseLine(line);
    if (this.#state === "between" && !tableLineSchema.safeParse(parsed).success)
      return this.#readTrailer(parsed);
    this.#hash.update(line);
    return this.#state === "header" ? this.#readHeader(parsed) : this.#readTable(parsed);
  }

  #readHeader(parsed: unknown): BackupPart {
    const header = parseHeader(parsed);
    this.#state = "between";
    return { kind: "header", header };
  }

  #readTable(parsed: unknown): BackupPart {
    this.#table = tableLineSchema.parse(parsed).table;
    this.#counts[this.#table] = 0;
    this.#state = "rows";
    return { kind: "table", name: this.#table };
  }

  #readTrailer(parsed: unknown): BackupPart {
    const trailer = trailerSchema.safeParse(parsed).data;
    if (!trailer) throw damaged("One of its lines cannot be read.");
    if (trailer.sha256 !== this.#hash.digest("hex"))
      throw damaged("It was changed after it was created.");
    if (JSON.stringify(trailer.rows) !== JSON.stringify(this.#counts))
      throw damaged("Rows are missing in it.");
    this.#state = "end";
    return { kind: "end", trailer };
  }

  requireEnd(): void {
    if (this.#state !== "end") throw damaged("It is cut short.");
  }
}

const tableLineSchema = z.strictObject({ table: z.string() });

function parseLine(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch (error) {
    throw damaged("One of its lines cannot be read.", error);
  }
}

function parseHeader(parsed: unknown): BackupHeader {
  const header = headerSchema.safeParse(parsed);
  if (header.success) return header.data;
  const named = z.object({ format: z.literal("postkey-backup"), version: z.number() });
  if (named.safeParse(parsed).success)
    throw new AppError(
      "unprocessable",
      "This backup has a format that this version does not know.",
    );
  throw damaged("Its first line is not that of a backup.");
}

function lineOf(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

function damaged(why: string, cause?: unknown): AppError {
  const message = `This backup is not whole. ${why} Nothing was written.`;
  return new AppError("unprocessable", message, { cause });
}

/** Missing, or gzip cannot read it. */
function unreadable(error: unknown): AppError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const why =
    code === "ENOENT"
      ? "There is no such file."
      : "It is not a gzip file, or it is cut short or damaged.";
  return new AppError("unprocessable", `The backup cannot be read. ${why} Nothing was written.`, {
    cause: error,
  });
}
