import {
  columnMissing,
  columnOf,
  columnsUnknown,
  readCsv,
  unknownColumns,
} from "@/lib/kernel/text/read-csv";
import { DEVICE_COLUMNS, DEVICE_IMPORT_MAX_ROWS, type DeviceColumn } from "./schema";

/** What stands in a line, unchecked, as the fields of a new device. */
export type DeviceLine = {
  line: number;
  name: string;
  /** The key or the address of an account. */
  account: string;
  limits: {
    protocols: string[];
    senders: string[];
    networks: string[];
    messagesPerMinute: number | null;
    expiresOn: string | null;
  };
};

const NAMES: Readonly<Record<DeviceColumn, RegExp>> = {
  name: /^(name|device|devicename)$/,
  account: /^(account|emailaccount|email|emailaddress|mailbox|key|accountkey)$/,
  protocols: /^protocols?$/,
  senders: /^(allowed)?senders?$/,
  networks: /^(networks?|allowedaddress(es)?|allowednetworks?|addresses)$/,
  messagesPerMinute: /^(messagesperminute|perminute|rate)$/,
  expiresOn: /^(expireson|expires|expiry)$/,
};

/** @throws AppError unprocessable when a column is missing or unknown, or the file is none */
export async function* readDevices(text: string): AsyncGenerator<DeviceLine> {
  let columns: Partial<Record<DeviceColumn, number>> = {};
  const readHeader = (header: string[]) => {
    columns = Object.fromEntries(
      DEVICE_COLUMNS.map((column) => [column, columnOf(header, NAMES[column])]),
    );
    for (const needed of ["name", "account"] as const)
      if (columns[needed] === -1) throw columnMissing(header, needed);
    const unknown = unknownColumns(header, Object.values(NAMES));
    if (unknown.length > 0) throw columnsUnknown(unknown, DEVICE_COLUMNS);
  };
  const options = { maxRows: DEVICE_IMPORT_MAX_ROWS, readHeader };
  for await (const { line, cells } of readCsv(text, options)) {
    const cell = (column: DeviceColumn) => cells[columns[column] ?? -1] ?? "";
    yield {
      line,
      name: cell("name"),
      account: cell("account"),
      limits: {
        protocols: listOf(cell("protocols").toLowerCase() || "smtp"),
        senders: listOf(cell("senders")),
        networks: listOf(cell("networks")),
        messagesPerMinute: numberOf(cell("messagesPerMinute")),
        expiresOn: cell("expiresOn") || null,
      },
    };
  }
}

/** In one cell, with spaces, commas or semicolons between. */
function listOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** What is no number is told by the schema. */
function numberOf(text: string): number | null {
  return text === "" ? null : Number(text);
}
