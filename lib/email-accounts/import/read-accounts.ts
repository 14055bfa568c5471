import { readLines } from "@/lib/kernel/imports/read-file";
import { ACCOUNT_IMPORT_MAX_ROWS, type AccountColumn } from "./schema";

/** What stands in a line, unchecked. */
export type AccountLine = { line: number } & Readonly<Record<AccountColumn, string>>;

const NAMES: Readonly<Record<AccountColumn, RegExp>> = {
  name: /^(name|accountname|displayname)$/,
  email: /^(e?mail|e?mailaddress|address|primarysmtpaddress)$/,
  key: /^(key|accountkey)$/,
  service: /^service$/,
  provider: /^(cloud)?provider$/,
  username: /^(username|user|login|userprincipalname)$/,
  delegate: /^delegate$/,
  mailbox: /^mailbox$/,
  list: /^(contact)?list$/,
  schedule: /^((test)?schedule|connectiontest)$/,
  active: /^active$/,
  description: /^(description|note)$/,
  password: /^password$/,
  imap: /^imap(host|server)?$/,
  smtp: /^smtp(host|server)?$/,
  pop3: /^pop3?(host|server)?$/,
  saveReplyTo: /^(savereplyto|capturereplyto)$/,
  saveAutomatic: /^(saveautomatic|captureautomatic)$/,
};

const COLUMNS = {
  names: NAMES,
  needed: ["name", "email"],
  maxRows: ACCOUNT_IMPORT_MAX_ROWS,
} as const;

/** @throws AppError unprocessable when a column is missing or unknown, or the file is none */
export async function* readAccounts(text: string): AsyncGenerator<AccountLine> {
  for await (const { line, cell } of readLines<AccountColumn>(text, COLUMNS))
    yield {
      line,
      name: cell("name"),
      email: cell("email"),
      key: cell("key"),
      service: cell("service"),
      provider: cell("provider"),
      username: cell("username"),
      delegate: cell("delegate"),
      mailbox: cell("mailbox"),
      list: cell("list"),
      schedule: cell("schedule"),
      active: cell("active"),
      description: cell("description"),
      password: cell("password"),
      imap: cell("imap"),
      smtp: cell("smtp"),
      pop3: cell("pop3"),
      saveReplyTo: cell("saveReplyTo"),
      saveAutomatic: cell("saveAutomatic"),
    };
}
