import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { AppError } from "@/lib/kernel/errors";
import { IMPORT_MAX_ROWS } from "./schema";

/** What stands in a line for an address and a name, unchecked. */
export type FileRow = { line: number; email: string; name: string };

const MAX_RECORD_CHARACTERS = 64 * 1024;

/**
 * The rows of a CSV file (RFC 4180) whose first line names its columns. Commas, semicolons and tabs
 * separate, whichever the first line has most of.
 *
 * @throws AppError unprocessable when there is no column with addresses, or the file is none
 */
export async function* readRows(text: string): AsyncGenerator<FileRow> {
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
  let columns: Columns | undefined;
  let count = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (!columns) {
        columns = columnsOf(record);
        continue;
      }
      count += 1;
      if (count > IMPORT_MAX_ROWS)
        throw unreadable(`A file can have up to ${IMPORT_MAX_ROWS.toLocaleString("en")} lines.`);
      yield rowOf(record, columns, info.lines);
    }
  } catch (error) {
    throw error instanceof CsvError ? notCsv(error) : error;
  }
  if (!columns) throw unreadable("The file is empty.");
}

type Parsed = { record: string[]; info: { lines: number } };
type Columns = { email: number; names: number[] };

const PIECE = 64 * 1024;

/** So that the parser takes turns: the whole text at once would hold up all other requests. */
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

/** As mail programs and address books call them, without spaces and signs. */
const EMAIL = /^(e?mail|e?mailaddress|address|e?mail1|e?mail1value)$/;
const NAME = /^(name|fullname|displayname|contactname)$/;
const FIRST_NAME = /^(firstname|givenname)$/;
const LAST_NAME = /^(lastname|surname|familyname)$/;

function columnsOf(header: string[]): Columns {
  const names = header.map((cell) => cell.toLowerCase().replace(/[^\p{L}\d]/gu, ""));
  const find = (pattern: RegExp) => names.findIndex((name) => pattern.test(name));
  const email = find(EMAIL);
  if (email === -1)
    throw unreadable(
      `The first line has to name the columns, one of them “email”. It is “${header.join(", ").slice(0, 120)}”.`,
    );
  const whole = find(NAME);
  const parts = whole === -1 ? [find(FIRST_NAME), find(LAST_NAME)] : [whole];
  return { email, names: parts.filter((index) => index !== -1) };
}

function rowOf(record: string[], { email, names }: Columns, line: number): FileRow {
  const cell = (index: number) => withoutFormulaQuote(record[index] ?? "");
  const name = names.map(cell).filter(Boolean).join(" ");
  return { line, email: cell(email), name };
}

/** What lib/kernel/text/csv.ts puts before a text that a spreadsheet would run. */
function withoutFormulaQuote(cell: string): string {
  return /^'\s*[=+\-@]/.test(cell) ? cell.slice(1) : cell;
}

function notCsv(error: CsvError): AppError {
  const { lines } = error as CsvError & { lines?: number };
  const where = lines === undefined ? "" : ` (line ${lines})`;
  const why =
    error.code === "CSV_QUOTE_NOT_CLOSED" ? "A quotation mark is not closed" : "It cannot be read";
  return unreadable(`${why}${where}.`, error);
}

function unreadable(why: string, cause?: unknown): AppError {
  return new AppError("unprocessable", `This file was not imported. ${why}`, { cause });
}
