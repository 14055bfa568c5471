import type { z } from "zod";
import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { issueWords } from "@/lib/kernel/fields/issue-words";
import {
  type LineProblem,
  readFlag,
  readLines,
  readText,
  reasonOf,
  shownCell,
} from "@/lib/kernel/imports/read-file";
import { countOutcomes, repeats } from "@/lib/kernel/imports/schema";
import { requireToCome } from "../mutations";
import { type CreateDevice, createDeviceSchema } from "../schema";
import {
  DEVICE_IMPORT_MAX_BYTES,
  DEVICE_IMPORT_MAX_ROWS,
  type DeviceColumn,
  type DeviceImportReport,
  type DeviceImportRow,
} from "./schema";
import {
  deviceKey,
  type FoundAccount,
  findExistingDevices,
  findNamedAccounts,
  insertDevices,
} from "./store";

/**
 * All that are new, or none when the file can't be read. Their passwords are shown only this time.
 * @throws AppError unprocessable, payload_too_large
 */
export async function importDevices(
  actor: Actor,
  { isDryRun, file }: { isDryRun: boolean; file: Buffer },
): Promise<DeviceImportReport> {
  requirePermission(actor, "devices:write");
  if (!isDryRun) requireRecentProof(actor);
  const { text, encoding } = readText(file, DEVICE_IMPORT_MAX_BYTES);
  const lines: DeviceLine[] = [];
  for await (const line of readDevices(text)) lines.push(line);
  const checked = await checkAll(lines);
  if (!isDryRun) {
    const news = checked.flatMap(({ row, device }) => (device ? [{ row, device }] : []));
    const made = await insertDevices(
      actor,
      news.map(({ device }) => device),
    );
    for (const [at, { row }] of news.entries()) {
      const password = made[at]?.password ?? null;
      if (password === null) Object.assign(row, { outcome: "existing", reason: EXISTS });
      row.password = password;
    }
  }
  const rows = checked.map(({ row }) => row);
  return { isDryRun, encoding, counts: countOutcomes(rows), rows };
}

type Checked = { row: DeviceImportRow; device?: CreateDevice };

async function checkAll(lines: DeviceLine[]): Promise<Checked[]> {
  const accounts = await findNamedAccounts(lines.map(({ account }) => account));
  const ids = [...accounts.values()].flatMap((account) => account?.id ?? []);
  const existing = await findExistingDevices(ids);
  const seen = new Map<string, number>();
  const checked: Checked[] = [];
  for (const line of lines) {
    const { row, device } = await check(line, accounts.get(line.account));
    const key = device && deviceKey(device);
    const earlier = key && seen.get(key);
    if (key && existing.has(key))
      checked.push({ row: { ...row, outcome: "existing", reason: EXISTS } });
    else if (earlier) checked.push({ row: { ...row, ...repeats(earlier) } });
    else checked.push({ row, ...(device && { device }) });
    if (key && !earlier) seen.set(key, line.line);
  }
  return checked;
}

const EXISTS = "The account has a device of this name.";

async function check(line: DeviceLine, account: FoundAccount | null | undefined): Promise<Checked> {
  const shown = {
    line: line.line,
    name: shownCell(line.name),
    account: shownCell(line.account),
    password: null,
  };
  const refused = (reason: string): Checked => ({ row: { ...shown, outcome: "refused", reason } });
  if (account === undefined) return refused(NO_ACCOUNT);
  if (account === null) return refused("Several email accounts have this address. Enter the key.");
  const { success, data, error } = createDeviceSchema.safeParse({
    ...line.limits,
    name: line.name,
    emailAccountId: account.id,
  });
  if (!success) return refused(reasonOf(error.issues.map(toProblem)));
  const late = await requireToCome(data.expiresOn).catch((problem: unknown) => problem);
  if (late instanceof AppError) return refused(late.fields?.expiresOn?.[0] ?? late.message);
  const row = { ...shown, account: account.emailAddress, name: data.name };
  return { row: { ...row, outcome: "new", reason: "" }, device: data };
}

const NO_ACCOUNT =
  "No email account has this key or address. Enter the key or the address of an account.";

function toProblem(issue: z.core.$ZodIssue): LineProblem {
  return { column: String(issue.path[0]), message: issueWords(issue) };
}

export type DeviceLine = {
  line: number;
  name: string;
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

/** @throws AppError unprocessable when a column is missing or unknown, or the file is none */
export async function* readDevices(text: string): AsyncGenerator<DeviceLine> {
  for await (const { line, cell } of readLines<DeviceColumn>(text, {
    names: NAMES,
    needed: ["name", "account"],
    maxRows: DEVICE_IMPORT_MAX_ROWS,
  } as const))
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

function listOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** What is no number is told by the schema. */
function numberOf(text: string): number | null {
  return text === "" ? null : Number(text);
}
