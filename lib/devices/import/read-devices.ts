import { readFlag, readLines } from "@/lib/kernel/imports/read-file";
import { DEVICE_IMPORT_MAX_ROWS, type DeviceColumn } from "./schema";

/** What stands in a line, unchecked, as the fields of a new device. */
export type DeviceLine = {
  line: number;
  name: string;
  /** The key or the address of an account. */
  account: string;
  limits: {
    protocols: string[];
    senders: string[];
    /** What is neither yes nor no is told by the schema. */
    rewriteFrom: boolean | string;
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
  rewriteFrom: /^(rewrite|replace)(the)?from(address)?$/,
  networks: /^(networks?|allowedaddress(es)?|allowednetworks?|addresses)$/,
  messagesPerMinute: /^(messagesperminute|perminute|rate)$/,
  expiresOn: /^(expireson|expires|expiry)$/,
};

const COLUMNS = {
  names: NAMES,
  needed: ["name", "account"],
  maxRows: DEVICE_IMPORT_MAX_ROWS,
} as const;

/** @throws AppError unprocessable when a column is missing or unknown, or the file is none */
export async function* readDevices(text: string): AsyncGenerator<DeviceLine> {
  for await (const { line, cell } of readLines<DeviceColumn>(text, COLUMNS))
    yield {
      line,
      name: cell("name"),
      account: cell("account"),
      limits: {
        protocols: listOf(cell("protocols").toLowerCase() || "smtp"),
        senders: listOf(cell("senders")),
        rewriteFrom: readFlag(cell("rewriteFrom") || "no") ?? cell("rewriteFrom"),
        networks: listOf(cell("networks")),
        messagesPerMinute: numberOf(cell("messagesPerMinute")),
        expiresOn: cell("expiresOn") || null,
      },
    };
}

/** In one cell, with spaces, commas or semicolons between. */
function listOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** What is no number is told by the schema. */
function numberOf(text: string): number | null {
  return text === "" ? null : Number(text);
}
