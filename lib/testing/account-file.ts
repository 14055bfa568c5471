import { importAccounts } from "@/lib/email-accounts/import/run";
import {
  ACCOUNT_COLUMNS,
  type AccountColumn,
  type AccountImportDefaults,
  accountImportParamsSchema,
} from "@/lib/email-accounts/import/schema";
import type { Actor } from "@/lib/kernel/actor";
import { csvLine } from "@/lib/kernel/text/write-csv";

export type AccountCells = Partial<Record<AccountColumn, string>>;

/** A file of accounts with all columns. */
export function accountFile(lines: readonly AccountCells[]): string {
  const cellsOf = (line: AccountCells) => csvLine(ACCOUNT_COLUMNS.map((each) => line[each] ?? ""));
  return [csvLine(ACCOUNT_COLUMNS), ...lines.map(cellsOf)].join("");
}

type Asked = Partial<AccountImportDefaults> & { isDryRun?: boolean };

/** Imports a file, with what is chosen for its empty cells. */
export function loadAccounts(actor: Actor, file: string, asked: Asked = {}) {
  const { isDryRun = false, ...chosen } = asked;
  const { dryRun: _dryRun, ...defaults } = accountImportParamsSchema.parse({});
  const input = { isDryRun, file: Buffer.from(file), defaults: { ...defaults, ...chosen } };
  return importAccounts(actor, input);
}
