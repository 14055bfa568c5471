import { MODERN_SERVICES } from "@/lib/email-accounts/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { readText } from "@/lib/kernel/imports/read-file";
import { emailKey } from "@/lib/kernel/text/normalize";
import { columnMissing, columnOf, readCsv } from "@/lib/kernel/text/read-csv";
import { findAccountsAt } from "./queries";
import {
  REPORT_MAX_BYTES,
  REPORT_MAX_ROWS,
  type ReportedSender,
  type SmtpAuthReport,
} from "./schema";

type Sender = Omit<ReportedSender, "next" | "account">;

/**
 * The report "SMTP AUTH clients" of the Exchange admin center
 * (https://learn.microsoft.com/exchange/monitoring/mail-flow-reports/mfr-smtp-auth-clients-report), beside the accounts
 * here. Nothing is written. The names of its columns in a file are unverified: they are found by their words, and
 * columns that say nothing about passwords are passed over.
 * @throws AppError unprocessable, payload_too_large
 */
export async function readSmtpAuthReport(actor: Actor, file: Buffer): Promise<SmtpAuthReport> {
  requirePermission(actor, "accounts:read");
  const senders: Sender[] = [];
  for await (const sender of sendersOf(readText(file, REPORT_MAX_BYTES).text)) senders.push(sender);
  const byPassword = senders.filter(({ authentication }) => authentication !== "oauth");
  const accounts = await findAccountsAt(
    actor,
    byPassword.map(({ senderAddress }) => senderAddress),
  );
  const rows = byPassword.map((sender) => ({ ...sender, ...nextFor(sender, accounts) }));
  rows.sort((a, b) => (b.messages ?? 0) - (a.messages ?? 0));
  return { oauth: senders.length - byPassword.length, rows };
}

const COLUMNS = {
  senderAddress: /^(sender|senderaddress|senderemailaddress|sendingaddress)$/,
  authentication: /^auth(entication)?(protocol|method|type)?$/,
  messages: /^(messages?(sent|count)?|count|totalmessages?)$/,
  tls10: /^tls(v|version)?10/,
  tls11: /^tls(v|version)?11/,
} as const;

async function* sendersOf(text: string): AsyncGenerator<Sender> {
  const at = new Map<string, number>();
  const readHeader = (header: string[]) => {
    for (const [column, name] of Object.entries(COLUMNS)) at.set(column, columnOf(header, name));
    if (at.get("senderAddress") === -1) throw columnMissing(header, "Sender address");
  };
  for await (const { line, cells } of readCsv(text, { maxRows: REPORT_MAX_ROWS, readHeader })) {
    const cell = (column: keyof typeof COLUMNS) => cells[at.get(column) ?? -1] ?? "";
    const messages = cell("messages") === "" ? Number.NaN : numberIn(cell("messages"));
    yield {
      line,
      senderAddress: cell("senderAddress").slice(0, ADDRESS_MAX),
      authentication: authenticationOf(cell("authentication")),
      messages: Number.isSafeInteger(messages) ? messages : null,
      usesOldTls: numberIn(cell("tls10")) > 0 || numberIn(cell("tls11")) > 0,
    };
  }
}

const ADDRESS_MAX = 254;

/** Of "1,204" and "12.5 %". */
function numberIn(cell: string): number {
  return Number(cell.replace(/[,\s%]/g, ""));
}

function authenticationOf(cell: string): Sender["authentication"] {
  if (/oauth|modern/i.test(cell)) return "oauth";
  return /basic/i.test(cell) ? "basic" : "unknown";
}

type Found = Awaited<ReturnType<typeof findAccountsAt>>;

/** A password that is still used here comes before one that is used elsewhere. */
function nextFor(
  { senderAddress }: Sender,
  found: Found,
): Pick<ReportedSender, "next" | "account"> {
  const key = emailKey(senderAddress);
  const accounts = found.filter((each) => each.emailKey === key);
  const byPassword = accounts.find(({ modernAuthentication }) => !modernAuthentication);
  const account = byPassword ?? accounts[0];
  if (!account) return { next: "add", account: null };
  const { id, name, service } = account;
  if (!byPassword) return { next: "replace_elsewhere", account: { id, name } };
  const canMove = MODERN_SERVICES.some((each) => each === service);
  return { next: canMove ? "move" : "change_service", account: { id, name } };
}
