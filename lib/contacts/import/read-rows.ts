import { columnMissing, columnOf, readCsv } from "@/lib/kernel/text/read-csv";
import { IMPORT_MAX_ROWS } from "./schema";

/** What stands in a line for an address and a name, unchecked. */
export type FileRow = { line: number; email: string; name: string };

/**
 * The rows of a CSV file whose first line names its columns.
 *
 * @throws AppError unprocessable when there is no column with addresses, or the file is none
 */
export async function* readRows(text: string): AsyncGenerator<FileRow> {
  let columns: Columns = { email: -1, names: [] };
  const readHeader = (header: string[]) => {
    columns = columnsOf(header);
  };
  for await (const { line, cells } of readCsv(text, { maxRows: IMPORT_MAX_ROWS, readHeader })) {
    const cell = (index: number) => cells[index] ?? "";
    const name = columns.names.map(cell).filter(Boolean).join(" ");
    yield { line, email: cell(columns.email), name };
  }
}

type Columns = { email: number; names: number[] };

/** As mail programs and address books call them, without spaces and signs. */
const EMAIL = /^(e?mail|e?mailaddress|address|e?mail1|e?mail1value)$/;
const NAME = /^(name|fullname|displayname|contactname)$/;
const FIRST_NAME = /^(firstname|givenname)$/;
const LAST_NAME = /^(lastname|surname|familyname)$/;

function columnsOf(header: string[]): Columns {
  const find = (pattern: RegExp) => columnOf(header, pattern);
  const email = find(EMAIL);
  if (email === -1) throw columnMissing(header, "email");
  const whole = find(NAME);
  const parts = whole === -1 ? [find(FIRST_NAME), find(LAST_NAME)] : [whole];
  return { email, names: parts.filter((index) => index !== -1) };
}
