import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { createBreather } from "@/lib/kernel/breathe";
import { SECOND_MS } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { issueWords } from "@/lib/kernel/fields/issue-words";
import { internationalAddressSchema } from "@/lib/kernel/fields/schema";
import { readText, shownCell } from "@/lib/kernel/imports/read-file";
import { countOutcomes, IMPORT_MAX_BYTES, repeats } from "@/lib/kernel/imports/schema";
import { emailKey } from "@/lib/kernel/text/normalize";
import { columnMissing, columnOf, readCsv } from "@/lib/kernel/text/read-csv";
import { contactNameSchema } from "../schema";
import { IMPORT_MAX_ROWS, type ImportReport, type ImportRow } from "./schema";
import { findTaken, type ImportedContact, insertContacts } from "./store";

type ImportInput = { contactListId: string; isDryRun: boolean; file: Buffer };

/**
 * All new lines, or none if the file can't be read.
 * @throws AppError unprocessable, payload_too_large, not_found: the list is gone
 */
export async function importContacts(actor: Actor, input: ImportInput): Promise<ImportReport> {
  requirePermission(actor, "contacts:write");
  const { contactListId, isDryRun, file } = input;
  const { text, encoding } = readText(file, IMPORT_MAX_BYTES);
  const rows: ImportRow[] = [];
  const candidates = new Map<string, ImportRow>();
  const breathe = createBreather();
  const until = performance.now() + READ_WITHIN_MS;
  for await (const fileRow of readRows(text)) {
    rows.push(check(fileRow, candidates));
    await breathe();
    if (performance.now() > until) throw new AppError("unprocessable", TOO_SLOW);
  }
  for (const [key, reason] of await findTaken([...candidates.keys()]))
    demote(candidates, key, reason);
  if (!isDryRun) {
    const contacts = [...candidates].map(([key, { email, name }]): ImportedContact => {
      return { key, email, name };
    });
    const added = await insertContacts(actor, contactListId, contacts);
    for (const { key } of contacts) if (!added.has(key)) demote(candidates, key, MEANWHILE);
  }
  return { isDryRun, encoding, counts: countOutcomes(rows), rows };
}

/** Ten times what the longest file takes. */
const READ_WITHIN_MS = 30 * SECOND_MS;
const TOO_SLOW = "This file was not imported. It takes too long to read: split it.";

const MEANWHILE = {
  outcome: "existing",
  reason: "It was added or erased in the meantime.",
} as const;

function check({ line, ...cells }: FileRow, candidates: Map<string, ImportRow>): ImportRow {
  const email = internationalAddressSchema.safeParse(cells.email);
  const name = contactNameSchema.safeParse(cells.name);
  const shown = { line, email: shownCell(cells.email), name: shownCell(cells.name) };
  const problem = [email, name].flatMap(({ error }) => error?.issues ?? []).map(issueWords)[0];
  if (!email.success || !name.success)
    return { ...shown, outcome: "refused", reason: problem ?? "This line cannot be read." };
  const key = emailKey(email.data);
  const earlier = candidates.get(key);
  if (earlier) return { ...shown, ...repeats(earlier.line) };
  const row: ImportRow = { line, outcome: "new", email: email.data, name: name.data, reason: "" };
  candidates.set(key, row);
  return row;
}

function demote(
  candidates: Map<string, ImportRow>,
  key: string,
  { outcome, reason }: Pick<ImportRow, "outcome" | "reason">,
): void {
  const row = candidates.get(key);
  if (row) Object.assign(row, { outcome, reason });
  candidates.delete(key);
}

type FileRow = { line: number; email: string; name: string };

/** @throws AppError unprocessable: no column with addresses, or not a file */
async function* readRows(text: string): AsyncGenerator<FileRow> {
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

/** Without spaces and signs. */
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
