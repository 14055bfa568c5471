import { randomUUID } from "node:crypto";
import { requireAllowedHosts } from "@/lib/egress/allowed-hosts";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { createBreather } from "@/lib/kernel/breathe";
import { AppError } from "@/lib/kernel/errors";
import { issueWords } from "@/lib/kernel/fields/issue-words";
import { type LineProblem, readText, reasonOf, shownCell } from "@/lib/kernel/imports/read-file";
import { countOutcomes, repeats } from "@/lib/kernel/imports/schema";
import { emailKey, nameKey } from "@/lib/kernel/text/normalize";
import { configuredEgress } from "@/lib/mail/configured";
import { keyProposals, sharedStems } from "../keys/proposals";
import { ENTER_A_KEY } from "../keys/schema";
import { type CreateEmailAccount, createEmailAccountSchema } from "../schema";
import { type AccountLine, readAccounts, readFields, serversText } from "./read-fields";
import {
  ACCOUNT_IMPORT_MAX_BYTES,
  type AccountImportDefaults,
  type AccountImportReport,
  type AccountImportRow,
} from "./schema";
import { findByAddress, findByKey, findDefaults, findReferences, insertAccounts } from "./store";

type ImportInput = { isDryRun: boolean; file: Buffer; defaults: AccountImportDefaults };

/**
 * All new lines, or none if the file can't be read.
 * @throws AppError unprocessable, payload_too_large
 */
export async function importAccounts(
  actor: Actor,
  { isDryRun, file, defaults }: ImportInput,
): Promise<AccountImportReport> {
  requirePermission(actor, "accounts:write");
  const { text, encoding } = readText(file, ACCOUNT_IMPORT_MAX_BYTES);
  const lines: AccountLine[] = [];
  for await (const line of readAccounts(text)) lines.push(line);
  const checked = await checkAll(lines, defaults);
  const importId = isDryRun ? null : await save(actor, checked);
  const rows = checked.map(({ row }) => row);
  return { isDryRun, encoding, counts: countOutcomes(rows), rows, importId };
}

type Checked = { row: AccountImportRow; input?: CreateEmailAccount };

/** @returns null: none was created */
async function save(actor: Actor, checked: readonly Checked[]): Promise<string | null> {
  const news = checked.flatMap(({ row, input }) =>
    input ? [{ id: randomUUID(), row, input }] : [],
  );
  if (news.length === 0) return null;
  const importId = randomUUID();
  const created = await insertAccounts(actor, importId, news);
  for (const { id, row } of news) if (!created.has(id)) Object.assign(row, MEANWHILE);
  return created.size > 0 ? importId : null;
}

const MEANWHILE = {
  outcome: "existing",
  reason: "Its address or key was taken in the meantime. Check the file again.",
} as const;

/** By compared form, what to tell the next one. */
type Taken = {
  addresses: Map<string, string>;
  /** Of this file. */
  lines: Map<string, number>;
  keys: Map<string, string>;
  /** Numbers left for names that many share, by stems. */
  furtherKeys: Map<string, string[]>;
};
type Reader = (line: AccountLine) => ReturnType<typeof readFields>;

async function checkAll(lines: readonly AccountLine[], defaults: AccountImportDefaults) {
  const [provider, references, addresses, keys] = await Promise.all([
    findDefaults(defaults),
    findReferences(lines),
    findByAddress(lines.map(({ email }) => emailKey(email))),
    findByKey(lines.flatMap(firstKeys)),
  ]);
  const read: Reader = (line) => readFields(line, { defaults, provider, references });
  const breathe = createBreather();
  const taken: Taken = { addresses, lines: new Map(), keys, furtherKeys: new Map() };
  const checked: Checked[] = [];
  for (const line of lines) {
    checked.push(await check(line, taken, read));
    await breathe();
  }
  return checked;
}

async function check(line: AccountLine, taken: Taken, read: Reader): Promise<Checked> {
  const { line: number, email, username, delegate } = line;
  const shown = {
    line: number,
    name: shownCell(line.name),
    key: shownCell(line.key),
    email: shownCell(email),
    username: shownCell(delegate || username || email),
  };
  const existing = taken.addresses.get(emailKey(email));
  if (existing) return { row: { ...shown, outcome: "existing", reason: existing } };
  const earlier = taken.lines.get(emailKey(email));
  if (earlier !== undefined) return { row: { ...shown, ...repeats(earlier) } };
  const { fields, problems } = read(line);
  const isTaken = line.key === "" ? undefined : taken.keys.get(nameKey(line.key));
  if (isTaken) problems.push({ column: "key", message: isTaken });
  const key = line.key || (await freeKey(line.name, taken));
  const { data, error } = createEmailAccountSchema.safeParse({ ...fields, key });
  problems.push(
    ...(error?.issues ?? []).map((issue) =>
      toProblem({ path: issue.path, message: issueWords(issue) }),
    ),
    ...hostProblems(data),
  );
  if (key === "") problems.push({ column: "key", message: ENTER_A_KEY });
  if (!data || problems.length > 0)
    return { row: { ...shown, outcome: "refused", reason: reasonOf(problems) } };
  taken.lines.set(emailKey(data.emailAddress), number);
  taken.keys.set(nameKey(data.key), `Line ${number} has this key.`);
  const { name, emailAddress } = data;
  const row = { line: number, name, key: data.key, email: emailAddress, username: data.username };
  const reason = data.hosts ? serversText(data.hosts) : "";
  return { row: { ...row, outcome: "new", reason }, input: data };
}

/** For all lines at once; more only for names that many share. */
const FIRST_NUMBERS = 8;

function firstKeys({ name, key }: AccountLine): string[] {
  return (key === "" ? keyProposals(name, FIRST_NUMBERS) : [key]).map(nameKey);
}

/** Empty: none to propose. */
async function freeKey(name: string, { keys, furtherKeys }: Taken): Promise<string> {
  const isFree = (key: string) => !keys.has(nameKey(key));
  const proposals = keyProposals(name, FIRST_NUMBERS);
  const first = proposals.find(isFree);
  if (first !== undefined || proposals.length === 0) return first ?? "";
  const stems = sharedStems(name);
  const further = furtherKeys.get(stems) ?? keyProposals(name);
  if (!furtherKeys.has(stems))
    for (const [key, reason] of await findByKey(further.map(nameKey))) keys.set(key, reason);
  const next = further.findIndex(isFree);
  const left = next < 0 ? [] : further.slice(next);
  furtherKeys.set(stems, left);
  return left[0] ?? "";
}

const COLUMN_OF: Readonly<Record<string, string>> = {
  emailAddress: "email",
  contactListId: "list",
  cloudProviderId: "provider",
  testSchedule: "schedule",
  sendsBy: "sending",
  readsBy: "reading",
  captureReplyTo: "saveReplyTo",
  captureAutomatic: "saveAutomatic",
};

function toProblem({ path, message }: { path: readonly PropertyKey[]; message: string }) {
  const [field = "name", protocol = "imap"] = path.map(String);
  return { column: field === "hosts" ? protocol : (COLUMN_OF[field] ?? field), message };
}

function hostProblems(input: CreateEmailAccount | undefined): LineProblem[] {
  try {
    requireAllowedHosts(input?.hosts ?? null, configuredEgress());
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return Object.entries(error.fields ?? {}).flatMap(([field, messages]) =>
      messages.map((message) => toProblem({ path: field.split("."), message })),
    );
  }
}
