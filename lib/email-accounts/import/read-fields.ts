import { PROTOCOLS, type Protocol } from "@/lib/egress/protocols/schema";
import type { MailEndpoint, OwnHosts } from "@/lib/egress/schema";
import { type LineProblem, readFlag, readLines } from "@/lib/kernel/imports/read-file";
import { nameKey } from "@/lib/kernel/text/normalize";
import { hasOwnHosts, type MailService, mailService, SERVICES } from "@/lib/mail/services/schema";
import { isByItself } from "@/lib/oauth/schema";
import { takesTokensOf } from "../hosts";
import {
  MODERN_SERVICES,
  READS_BY,
  READS_BY_LABELS,
  SENDS_BY,
  SENDS_BY_LABELS,
  SERVICE_LABELS,
  TEST_SCHEDULE_LABELS,
  TEST_SCHEDULES,
} from "../schema";
import {
  ACCOUNT_COLUMNS,
  ACCOUNT_IMPORT_MAX_ROWS,
  type AccountColumn,
  type AccountImportDefaults,
} from "./schema";

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
  sending: /^(sending|sends(by|through))$/,
  reading: /^(reading|reads(by|through))$/,
  pop3: /^pop3?(host|server)?$/,
  saveReplyTo: /^(savereplyto|capturereplyto)$/,
  saveAutomatic: /^(saveautomatic|captureautomatic)$/,
};

export async function* readAccounts(text: string): AsyncGenerator<AccountLine> {
  for await (const { line, cell } of readLines<AccountColumn>(text, {
    names: NAMES,
    needed: ["name", "email"],
    maxRows: ACCOUNT_IMPORT_MAX_ROWS,
  } as const)) {
    const cells = ACCOUNT_COLUMNS.map((column) => [column, cell(column)]);
    yield { line, ...(Object.fromEntries(cells) as Record<AccountColumn, string>) }; // all of them
  }
}

export type FoundProvider = { id: string; service: string; grant: string };

/** By compared name. */
export type References = {
  providers: ReadonlyMap<string, FoundProvider>;
  lists: ReadonlyMap<string, string>;
};

type Context = {
  defaults: AccountImportDefaults;
  /** By default. */
  provider: FoundProvider | null;
  references: References;
};

type Tell = (column: AccountColumn, message: string) => void;

export function readFields(line: AccountLine, context: Context) {
  const problems: LineProblem[] = [];
  const tell: Tell = (column, message) => problems.push({ column, message });
  const service = readService(line, context.defaults.service, tell);
  const isModern = MODERN_SERVICES.includes(service) && line.password === "";
  const provider = isModern ? readProvider(line, context, tell) : null;
  if (!isModern && line.provider !== "")
    tell("provider", "This account signs in with a password. Leave the provider empty.");
  if (provider && !takesTokensOf(service, provider.service))
    tell(
      "provider",
      "This cloud provider belongs to another service. Choose one of the account's own.",
    );
  const username = readUsername(line, { service, provider }, tell);
  const fields = {
    name: line.name,
    emailAddress: line.email,
    contactListId: readList(line, context, tell),
    active: readSwitch(line, "active", tell),
    service,
    modernAuthentication: isModern,
    username: username === "" ? undefined : username,
    mailbox: line.mailbox,
    cloudProviderId: provider?.id ?? null,
    password: line.password,
    hosts: readHosts(line, service, tell),
    description: line.description,
    testSchedule: readSchedule(line, context.defaults.testSchedule, tell),
    sendsBy: readWay(line, "sending", { ways: SENDS_BY, labels: SENDS_BY_LABELS, tell }),
    readsBy: readWay(line, "reading", { ways: READS_BY, labels: READS_BY_LABELS, tell }),
    captureReplyTo: readSwitch(line, "saveReplyTo", tell),
    captureAutomatic: readSwitch(line, "saveAutomatic", tell),
  };
  return { fields, problems };
}

function readService({ service: cell }: AccountLine, byDefault: MailService, tell: Tell) {
  if (cell === "") return byDefault;
  const found = SERVICES.find((id) => isCalled(cell, [id, SERVICE_LABELS[id]]));
  if (!found)
    tell("service", `Enter one of ${SERVICES.map((id) => SERVICE_LABELS[id]).join(", ")}.`);
  return found ?? byDefault;
}

function readSchedule({ schedule: cell }: AccountLine, byDefault: string, tell: Tell) {
  if (cell === "") return byDefault;
  const found = TEST_SCHEDULES.find((id) => isCalled(cell, [id, TEST_SCHEDULE_LABELS[id]]));
  if (!found) tell("schedule", `Enter one of ${TEST_SCHEDULES.join(", ")}.`);
  return found ?? byDefault;
}

type Ways<W extends string> = { ways: readonly W[]; labels: Record<W, string>; tell: Tell };

function readWay<W extends string>(
  line: AccountLine,
  column: "sending" | "reading",
  { ways, labels, tell }: Ways<W>,
): W | undefined {
  const cell = line[column];
  const found = ways.find((id) => isCalled(cell, [id, labels[id]]));
  if (cell !== "" && !found) tell(column, `Enter ${ways.join(" or ")}.`);
  return found;
}

function isCalled(cell: string, names: readonly string[]): boolean {
  return names.some((name) => nameKey(name) === nameKey(cell));
}

function readProvider(line: AccountLine, { provider, references }: Context, tell: Tell) {
  if (line.provider === "") return provider;
  const found = references.providers.get(nameKey(line.provider));
  if (!found) tell("provider", `There is no cloud provider “${line.provider.slice(0, 60)}”.`);
  return found ?? null;
}

function readList(line: AccountLine, { defaults, references }: Context, tell: Tell) {
  if (line.list === "") return defaults.contactListId ?? null;
  const found = references.lists.get(nameKey(line.list));
  if (!found) tell("list", `There is no list “${line.list.slice(0, 60)}”.`);
  return found ?? null;
}

type SignsIn = { service: MailService; provider: FoundProvider | null };

/** Empty: the address signs in. */
function readUsername(line: AccountLine, { service, provider }: SignsIn, tell: Tell): string {
  if (line.delegate === "") return line.username;
  if (line.username !== "") tell("delegate", "Enter a user name or a delegate, not both.");
  if (!mailService(service).hasSharedMailboxes || line.password !== "")
    tell("delegate", "This account can't be a shared mailbox. Leave the delegate empty.");
  if (provider && isByItself(provider.grant))
    tell("delegate", "This cloud provider opens mailboxes by itself. Leave the delegate empty.");
  return line.delegate;
}

/** Undefined: by default. */
function readSwitch(
  line: AccountLine,
  column: "active" | "saveReplyTo" | "saveAutomatic",
  tell: Tell,
): boolean | undefined {
  const cell = line[column];
  if (cell === "") return undefined;
  const isOn = readFlag(cell);
  if (isOn === undefined) tell(column, "Enter yes or no.");
  return isOn ?? false;
}

const WITH_SERVERS = SERVICES.filter(hasOwnHosts)
  .map((id) => SERVICE_LABELS[id])
  .join(", ");

function readHosts(line: AccountLine, service: MailService, tell: Tell) {
  if (hasOwnHosts(service))
    return {
      imap: endpointOf(line.imap, "imap"),
      smtp: endpointOf(line.smtp, "smtp"),
      pop3: endpointOf(line.pop3, "pop3"),
    };
  for (const protocol of PROTOCOLS)
    if (line[protocol] !== "")
      tell(protocol, `Only ${WITH_SERVERS} accounts have servers of their own.`);
  return null;
}

/** A port implies its TLS; the first is the default. */
const PORTS: Readonly<Record<Protocol, readonly Omit<MailEndpoint, "host">[]>> = {
  imap: [
    { port: 993, tls: "implicit" },
    { port: 143, tls: "starttls" },
  ],
  smtp: [
    { port: 587, tls: "starttls" },
    { port: 465, tls: "implicit" },
  ],
  pop3: [
    { port: 995, tls: "implicit" },
    { port: 110, tls: "starttls" },
  ],
};

/** `host`, `host:1143` or `host:1143 starttls`; the schema judges the rest. */
function endpointOf(cell: string, protocol: Protocol): MailEndpoint | null {
  if (cell === "") return null;
  const [usual = { port: 0, tls: "implicit" }, ...others] = PORTS[protocol];
  const ways = [usual, ...others];
  const [, host = cell, digits, word = ""] = ENDPOINT.exec(cell) ?? [];
  const said = WORDS[word.toLowerCase()];
  const port = digits ? Number(digits) : (ways.find(({ tls }) => tls === said) ?? usual).port;
  const tls = said ?? (ways.find((each) => each.port === port) ?? usual).tls;
  return { host, port, tls };
}

/** What a line without a port or a word came to mean. */
export function serversText(hosts: OwnHosts): string {
  const texts = PROTOCOLS.map((protocol) => {
    const endpoint = hosts[protocol];
    if (!endpoint) return `no ${protocol.toUpperCase()} server`;
    const { host, port, tls } = endpoint;
    return `${protocol.toUpperCase()} ${host}:${port} ${tls === "implicit" ? "TLS" : "STARTTLS"}`;
  });
  return texts.join(", ");
}

const ENDPOINT = /^(.+?)(?::(\d{1,5}))?(?: (tls|ssl|starttls))?$/i;
const WORDS: Readonly<Record<string, MailEndpoint["tls"]>> = {
  tls: "implicit",
  ssl: "implicit",
  starttls: "starttls",
};
