import { emailKey } from "@/lib/kernel/text/normalize";
import { COMPANY_REMEDIES } from "./company";
import { ENTRA_POLICY } from "./entra-policy";
import { ENTRA_REGISTRATION } from "./entra-registration";
import { ENTRA_REQUEST } from "./entra-request";
import { ENTRA_SIGN_IN } from "./entra-sign-in";
import { ENTRA_TENANT } from "./entra-tenant";
import { microsoftErrorLink } from "./entry";
import {
  contextValues,
  fillCommand,
  namesIn,
  PLACEHOLDER,
  PLACEHOLDERS,
  scriptForAll,
} from "./fill-command";
import { GOOGLE_REMEDIES } from "./google";
import { GRAPH_REMEDIES } from "./graph";
import { GRAPH_SENDING } from "./graph-sending";
import { MAIL_REMEDIES } from "./mail";
import { TOKEN_REQUEST_REMEDIES } from "./platform";
import { POSTKEY_REMEDIES } from "./postkey";
import type {
  Command,
  Entry,
  Mailboxes,
  Remedy,
  RemedyContext,
  Shell,
  Step,
  Written,
} from "./remedy";
import { at, GOOGLE, MICROSOFT } from "./services";
import { run } from "./steps";
import { serviceAt, tell } from "./told";

const REMEDIES: readonly Entry[] = [
  ...at(
    MICROSOFT,
    [ENTRA_REGISTRATION, ENTRA_TENANT, ENTRA_SIGN_IN, ENTRA_POLICY, ENTRA_REQUEST].flat(2),
  ),
  ...TOKEN_REQUEST_REMEDIES,
  ...MAIL_REMEDIES,
  ...at(MICROSOFT, [...GRAPH_REMEDIES, ...GRAPH_SENDING]),
  ...at(GOOGLE, GOOGLE_REMEDIES),
  ...COMPANY_REMEDIES,
  ...POSTKEY_REMEDIES,
].map(complete);

function complete(written: Written): Entry {
  return withCommandStep({
    who: "postkey_administrator",
    retry: "after_fix",
    source: null,
    ...written,
  });
}

/** A command never appears without its purpose and the person who can run it. */
function withCommandStep(remedy: Entry): Entry {
  const { ownMailbox, ...entry } = remedy;
  const told = { ...entry, ...toldCommand(entry) };
  return ownMailbox
    ? { ...told, ownMailbox: { ...ownMailbox, ...toldCommand({ ...entry, ...ownMailbox }) } }
    : told;
}

function toldCommand({ command, steps, who }: Omit<Entry, "ownMailbox">) {
  if (!command) return { steps };
  const { purpose, ...shown } = command;
  const isTold =
    steps.some((step) => typeof step !== "string" && step.does === "command") ||
    purpose === undefined;
  return {
    command: shown,
    steps: isTold ? steps : [...steps, stepOf(purpose, { shell: command.shell, who })],
  };
}

function stepOf(purpose: string, { shell, who }: { shell: Shell; who: Entry["who"] }): Step {
  const isHere = shell === "Command line of the Postkey server";
  if (who === (isHere ? "postkey_administrator" : "tenant_administrator"))
    return run`To ${purpose}, run {command}.`;
  const runner = isHere
    ? "the administrator of the Postkey server"
    : "an administrator of the tenant";
  return run`To ${purpose}, have ${runner} run {command}.`;
}

const BY_ID = new Map(REMEDIES.map((remedy) => [remedy.id, remedy]));

export function isKnown(id: string): boolean {
  return BY_ID.has(id);
}

/** Microsoft has more numbers than the catalogue. */
export function isCause(id: string): boolean {
  return isKnown(id) || /^AADSTS\d{3,10}$/.test(id);
}

/** Unknown ids share their titles. */
export const UNKNOWN_IDS = ["AADSTS000", "unknown"] as const;

export function listRemedies(): readonly Entry[] {
  return REMEDIES;
}

/** Never fails: an unknown number leads to Microsoft's own page. */
export function findRemedy(id: string): Entry {
  const known = BY_ID.get(id);
  if (known) return known;
  const number = /^AADSTS(\d{3,10})$/.exec(id)?.[1];
  return number === undefined ? unknownFailure(id) : unknownNumber(id, Number(number));
}

/**
 * Values are quoted for the shell, so that no name can add a command. Commands, links and steps
 * with unknown values are left out: readers never fill in anything.
 * @param mailboxes for a script over many
 */
export function fillRemedy(entry: Entry, context: RemedyContext, mailboxes?: Mailboxes): Remedy {
  const { ownMailbox, ...shared } = entry;
  const isOwn = mailboxes ? mailboxes.names.every(isOwnMailbox) : isOwnMailbox(context);
  const { command, link, ...told } = isOwn ? { ...shared, ...ownMailbox } : shared;
  const fill = (of: Command) =>
    mailboxes ? scriptForAll(of, mailboxes, context) : fillCommand(of, context);
  const text = command && isOfService(command, context) && fill(command);
  const url = link && isOfService(link, context) && fillLink(link.url, context);
  return {
    ...told,
    ...tell(told, { ...context, ...(text && { command: BELOW }) }),
    ...(command && text && { command: { shell: command.shell, text } }),
    ...(link && url && { link: { label: link.label, url } }),
  };
}

export function fits(
  { service, credential }: Pick<Entry, "service" | "credential">,
  refused: { service?: string | null | undefined; credential: Entry["credential"] | undefined },
): boolean {
  const isThere = service === undefined || service === refused.service;
  return isThere && (credential === undefined || credential === refused.credential);
}

export function templateOf({ ownMailbox: _, ...entry }: Entry): Remedy {
  return { ...entry, ...tell(entry, { command: BELOW }) };
}

const BELOW = "the command below";

export function isOfService(
  { of }: { of?: string },
  context: Pick<RemedyContext, "service" | "object">,
): boolean {
  const where = serviceAt(context);
  return of === undefined || where === undefined || of === where;
}

export function exampleRemedy(remedy: Entry): Remedy {
  return fillRemedy(remedy, EXAMPLE);
}

const EXAMPLE = {
  mailbox: "support@example.com",
  login: "alice@example.com",
  clientId: "11111111-2222-3333-4444-555555555555",
  objectId: "66666666-7777-8888-9999-000000000000",
  redirectUri: "https://postkey.example.com/callback",
  host: "mail.example.com",
  port: 993,
} as const satisfies RemedyContext;

function isOwnMailbox({ mailbox, login }: RemedyContext): boolean {
  return mailbox !== undefined && login !== undefined && emailKey(mailbox) === emailKey(login);
}

export function placeholdersOf({ command, link }: Pick<Entry, "command" | "link">) {
  const text = `${command?.text ?? ""} ${link?.url ?? ""}`;
  return Object.fromEntries(
    Object.entries(PLACEHOLDERS).filter(([name]) => text.includes(`{${name}}`)),
  );
}

/** From the configuration. */
const ORIGINS = new Set(["portal", "exchange"]);

function fillLink(url: string, context: RemedyContext): string | undefined {
  const values = contextValues(context);
  if (namesIn(url).some((name) => !values.has(name))) return undefined;
  return url.replace(PLACEHOLDER, (_placeholder, name: string) => {
    const value = values.get(name) ?? "";
    return ORIGINS.has(name) ? value : encodeURIComponent(value);
  });
}

function unknownNumber(id: string, code: number): Entry {
  return {
    id,
    title: "The identity platform refused the request for a reason that Postkey does not know yet.",
    cause: `Microsoft's number for it is ${code}.`,
    steps: [
      "Open Microsoft's page about this number.",
      "Look at the sign-in in the Entra sign-in log.",
      "Give Microsoft's support the code, the ids and the time shown below.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    link: microsoftErrorLink(code),
    source: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    isUnknown: true,
  };
}

function unknownFailure(id: string): Entry {
  const unexpected = BY_ID.get("postkey.unexpected");
  if (!unexpected) throw new Error("The error catalogue lacks its fallback.");
  return { ...unexpected, id, isUnknown: true };
}
