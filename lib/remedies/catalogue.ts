import { emailKey } from "@/lib/normalize";
import { ENTRA_REMEDIES } from "./entra";
import { microsoftErrorLink } from "./entra-row";
import { GOOGLE_REMEDIES } from "./google";
import { GRAPH_REMEDIES } from "./graph";
import { MAIL_REMEDIES } from "./mail";
import { POSTKEY_REMEDIES } from "./postkey";
import type { Remedy, RemedyContext, Shell } from "./remedy";

const REMEDIES: readonly Remedy[] = [
  ...ENTRA_REMEDIES,
  ...MAIL_REMEDIES,
  ...GRAPH_REMEDIES,
  ...GOOGLE_REMEDIES,
  ...POSTKEY_REMEDIES,
];
const BY_ID = new Map(REMEDIES.map((remedy) => [remedy.id, remedy]));

/** Whether the catalogue has an entry of its own for this id. */
export function isKnown(id: string): boolean {
  return BY_ID.has(id);
}

/** The whole catalogue, in the order in which it is read. */
export function listRemedies(): readonly Remedy[] {
  return REMEDIES;
}

/**
 * Cause and fix of a failure. Never fails: Microsoft adds numbers and says not to rely on them, so
 * an unknown one still leads to Microsoft's own page about it.
 */
export function findRemedy(id: string): Remedy {
  const known = BY_ID.get(id);
  if (known) return known;
  const number = /^AADSTS(\d{3,10})$/.exec(id)?.[1];
  return number === undefined ? unknownFailure(id) : unknownNumber(id, Number(number));
}

/**
 * Fills the placeholders of the command and the link, and takes what the entry says of one's own
 * mailbox where it is that. Values in a command are quoted for its shell, so that no name can add a
 * command of its own. Where a value is not known the command or link is left out, and with it what
 * the steps say of it: nothing that is shown has to be filled in by its reader.
 */
export function fillRemedy(remedy: Remedy, context: RemedyContext): Remedy {
  const { ownMailbox, ...shared } = remedy;
  const { command, link, steps, ...texts } = isOwnMailbox(context)
    ? { ...shared, ...ownMailbox }
    : shared;
  const text = command && fillCommand(command, context);
  const url = link && fillLink(link.url, context);
  return {
    ...texts,
    steps: text === undefined ? steps.flatMap(withoutCommand) : steps,
    ...(command && text !== undefined && { command: { ...command, text } }),
    ...(link && url !== undefined && { link: { ...link, url } }),
  };
}

/** An entry as an example of itself, where it is nobody's failure in particular. */
export function exampleRemedy(remedy: Remedy): Remedy {
  return fillRemedy(remedy, EXAMPLE);
}

const EXAMPLE = {
  mailbox: "support@example.com",
  login: "alice@example.com",
  clientId: "11111111-2222-3333-4444-555555555555",
  redirectUri: "https://postkey.example.com/callback",
  host: "mail.example.com",
  port: 993,
} as const satisfies RemedyContext;

function isOwnMailbox({ mailbox, login }: RemedyContext): boolean {
  return mailbox !== undefined && login !== undefined && emailKey(mailbox) === emailKey(login);
}

/** A step without its mention of a command; none where it is about nothing else. */
function withoutCommand(step: string): string[] {
  const rest = step.replace(/,? with the command below/, "");
  return /command below/.test(rest) ? [] : [rest];
}

/** What stands in braces in commands and links, and what it stands for. */
const PLACEHOLDERS = {
  mailbox: "The address of the mailbox.",
  login: "Who signed in to it, or the application that did.",
  tenantId: "Directory (tenant) ID of the organisation.",
  clientId: "Application (client) ID of the registration.",
  redirectUri: "The redirect URI of this installation.",
  portal: "Origin of the admin center of the cloud, such as https://entra.microsoft.com.",
  exchange:
    "Origin of the Exchange admin center of the cloud, such as https://admin.exchange.microsoft.com.",
  host: "The server that was connected to.",
  port: "Its port.",
} as const satisfies Record<keyof RemedyContext, string>;

const PLACEHOLDER = new RegExp(`\\{(${Object.keys(PLACEHOLDERS).join("|")})\\}`, "g");

/** The placeholders of an entry's command and link, each with what it stands for. */
export function placeholdersOf({ command, link }: Remedy): Record<string, string> {
  const text = `${command?.text ?? ""} ${link?.url ?? ""}`;
  return Object.fromEntries(
    Object.entries(PLACEHOLDERS).filter(([name]) => text.includes(`{${name}}`)),
  );
}

type Command = NonNullable<Remedy["command"]>;

function fillCommand({ shell, text }: Command, context: RemedyContext): string | undefined {
  const values = contextValues(context);
  if (namesIn(text).some((name) => !values.has(name))) return undefined;
  return text.replace(PLACEHOLDER, (_placeholder, name: string) => {
    const value = values.get(name) ?? "";
    return QUOTE[shell](value.replace(/\p{Cc}/gu, ""));
  });
}

function namesIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
}

// PowerShell takes the typographic quotation marks for the plain one, so they are doubled too.
const powerShell = (value: string) => `'${value.replace(/['\u2018-\u201b]/g, "$&$&")}'`;
const posixShell = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;

const QUOTE: Readonly<Record<Shell, (value: string) => string>> = {
  "Exchange Online PowerShell": powerShell,
  "Microsoft Graph PowerShell": powerShell,
  "Azure CLI": posixShell,
  "Command line of the Postkey server": posixShell,
};

/** Where a link begins: these come from the configuration. */
const ORIGINS = new Set(["portal", "exchange"]);

function fillLink(url: string, context: RemedyContext): string | undefined {
  const values = contextValues(context);
  if (namesIn(url).some((name) => !values.has(name))) return undefined;
  return url.replace(PLACEHOLDER, (_placeholder, name: string) => {
    const value = values.get(name) ?? "";
    return ORIGINS.has(name) ? value : encodeURIComponent(value);
  });
}

function contextValues(context: RemedyContext): Map<string, string> {
  const known = Object.entries(context).filter(([, value]) => value !== undefined && value !== "");
  return new Map(known.map(([name, value]) => [name, String(value)]));
}

function unknownNumber(id: string, code: number): Remedy {
  return {
    id,
    title: "The identity platform refused the request for a reason that Postkey does not know yet.",
    cause: `Microsoft's number for it is ${code}.`,
    steps: [
      "Open Microsoft's page about this number.",
      "Look at the sign-in in the Entra sign-in log.",
      "Give Microsoft's support the code, the ids and the time that stand below.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    link: microsoftErrorLink(code),
    source: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    isUnknown: true,
  };
}

function unknownFailure(id: string): Remedy {
  const [unexpected] = POSTKEY_REMEDIES.filter((remedy) => remedy.id === "postkey.unexpected");
  if (!unexpected) throw new Error("The error catalogue lacks its fallback.");
  return { ...unexpected, id, isUnknown: true };
}
