import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { AppError } from "../errors";

/** Line number as in an editor. */
export type CsvLine = { line: number; cells: string[] };

const MAX_RECORD_CHARACTERS = 64 * 1024;

/** RFC 4180. @throws AppError unprocessable; and what `readHeader` throws */
export async function* readCsv(
  text: string,
  { maxRows, readHeader }: { maxRows: number; readHeader: (names: string[]) => void },
): AsyncGenerator<CsvLine> {
  const parser = Readable.from(pieces(text)).pipe(
    parse({
      delimiter: delimiterOf(text),
      info: true,
      max_record_size: MAX_RECORD_CHARACTERS,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    }),
  );
  let count = -1;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      count += 1;
      if (count > maxRows)
        throw unreadableFile(`A file can have up to ${maxRows.toLocaleString("en")} lines.`);
      if (count === 0) readHeader(record);
      else yield { line: info.lines, cells: record.map(withoutFormulaQuote) };
    }
  } catch (error) {
    throw error instanceof CsvError ? notCsv(error) : error;
  }
  if (count < 0) throw unreadableFile("The file is empty.");
}

type Parsed = { record: string[]; info: { lines: number } };

const PIECE = 64 * 1024;

/** Parsing in one go would hold up other requests. */
function* pieces(text: string): Generator<string> {
  for (let start = 0; start < text.length; start += PIECE) yield text.slice(start, start + PIECE);
}

function delimiterOf(text: string): string {
  const line =
    text
      .slice(0, MAX_RECORD_CHARACTERS)
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? "";
  const count = (delimiter: string) => line.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, each) => (count(each) > count(best) ? each : best));
}

export function columnOf(header: readonly string[], name: RegExp): number {
  return positionsOf(header, name)[0] ?? -1;
}

export function positionsOf(header: readonly string[], name: RegExp): number[] {
  return header.flatMap((cell, index) =>
    name.test(cell.toLowerCase().replace(/[^\p{L}\d]/gu, "")) ? [index] : [],
  );
}

/** Their cells would be lost silently. */
export function unknownColumns(header: readonly string[], known: readonly RegExp[]): string[] {
  return header.filter((cell) => cell !== "" && known.every((name) => columnOf([cell], name) < 0));
}

export function columnsUnknown(names: readonly string[], known: readonly string[]): AppError {
  const listed = names.map((name) => `“${name.slice(0, 60)}”`).join(", ");
  const what = names.length === 1 ? "There is no column" : "There are no columns";
  return unreadableFile(`${what} ${listed}. The columns are ${known.join(", ")}.`);
}

export function columnMissing(header: readonly string[], column: string): AppError {
  return unreadableFile(
    `The first line has to name the columns, one of them “${column}”. It is “${header.join(", ").slice(0, 120)}”.`,
  );
}

/** Undoes `csvCell` (lib/kernel/text/write-csv.ts). */
function withoutFormulaQuote(cell: string): string {
  return /^'\s*[=+\-@]/.test(cell) ? cell.slice(1) : cell;
}

function notCsv(error: CsvError): AppError {
  const { lines } = error as CsvError & { lines?: number };
  const where = lines === undefined ? "" : ` (line ${lines})`;
  const why =
    error.code === "CSV_QUOTE_NOT_CLOSED" ? "A quotation mark is not closed" : "It cannot be read";
  return unreadableFile(`${why}${where}.`, error);
}

export function unreadableFile(why: string, cause?: unknown): AppError {
  return new AppError("unprocessable", `This file was not imported. ${why}`, { cause });
}
