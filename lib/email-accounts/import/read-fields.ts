import { type MailEndpoint, PROTOCOLS, type Protocol } from "@/lib/egress/schema";
import { type LineProblem, readFlag } from "@/lib/kernel/imports/read-file";
import { nameKey } from "@/lib/kernel/text/normalize";
import { hasOwnHosts, type MailService, mailService, SERVICES } from "@/lib/mail/services/schema";
import { isByItself } from "@/lib/registrations/registration/schema";
import { takesTokensOf } from "../hosts";
import { MODERN_SERVICES, SERVICE_LABELS, TEST_SCHEDULE_LABELS, TEST_SCHEDULES } from "../schema";
import type { AccountLine } from "./read-accounts";
import type { AccountColumn, AccountImportDefaults } from "./schema";

export type FoundProvider = { id: string; service: string; grant: string };

/** What a file names, by the form of its name that is compared. */
export type References = {
  providers: ReadonlyMap<string, FoundProvider>;
  lists: ReadonlyMap<string, string>;
};

type Context = {
  defaults: AccountImportDefaults;
  /** The one of the defaults. */
  provider: FoundProvider | null;
  references: References;
};

type Tell = (column: AccountColumn, message: string) => void;

/** The fields of a new account as a line says them, for its schema, and what in it can't be understood. */
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

/** Empty for a mailbox that signs in with its own address. */
function readUsername(line: AccountLine, { service, provider }: SignsIn, tell: Tell): string {
  if (line.delegate === "") return line.username;
  if (line.username !== "") tell("delegate", "Enter a user name or a delegate, not both.");
  if (!mailService(service).hasSharedMailboxes || line.password !== "")
    tell("delegate", "This account can't be a shared mailbox. Leave the delegate empty.");
  if (provider && isByItself(provider.grant))
    tell("delegate", "This cloud provider opens mailboxes by itself. Leave the delegate empty.");
  return line.delegate;
}

/** Undefined where the line leaves it to the default. */
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

/** Where a port says how the connection is secured; the first is meant where none is given. */
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

/** `mail.contoso.com`, `mail.contoso.com:1143` or `mail.contoso.com:1143 starttls`; anything else is told by the schema. */
function endpointOf(cell: string, protocol: Protocol): MailEndpoint {
  const [usual = { port: 0, tls: "implicit" }, ...others] = PORTS[protocol];
  const ways = [usual, ...others];
  const { address, said } = withoutWord(cell);
  const at = address.lastIndexOf(":");
  const digits = at > 0 ? address.slice(at + 1) : "";
  const isPort = /^\d{1,5}$/.test(digits);
  const host = isPort ? address.slice(0, at) : address;
  const port = isPort ? Number(digits) : (ways.find(({ tls }) => tls === said) ?? usual).port;
  const tls = said ?? (ways.find((each) => each.port === port) ?? usual).tls;
  return { host, port, tls };
}

const WORDS: Readonly<Record<string, MailEndpoint["tls"]>> = {
  tls: "implicit",
  ssl: "implicit",
  starttls: "starttls",
};

/** How the connection is secured, where the cell ends with a word for it. */
function withoutWord(cell: string): { address: string; said?: MailEndpoint["tls"] } {
  const [address = "", word = "", ...more] = cell.split(" ");
  const said = more.length === 0 ? WORDS[word.toLowerCase()] : undefined;
  return said ? { address, said } : { address: cell };
}
