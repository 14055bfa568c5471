import type { Command, Mailboxes, MailboxNames, RemedyContext, Shell } from "./remedy";

export const PLACEHOLDERS = {
  mailbox: "The address of the mailbox.",
  login: "The account that signed in to it.",
  tenantId: "Directory (tenant) ID of the organisation.",
  clientId: "Application (client) ID of the registration.",
  objectId: "Object ID of the enterprise application, as its token says.",
  redirectUri: "The redirect URI of this installation.",
  portal: "Origin of the admin center of the cloud, such as https://entra.microsoft.com.",
  exchange:
    "Origin of the Exchange admin center of the cloud, such as https://admin.exchange.microsoft.com.",
  host: "The server that Postkey connected to.",
  port: "Its port.",
} as const satisfies Partial<Record<keyof RemedyContext, string>>;

export const PLACEHOLDER = new RegExp(`\\{(${Object.keys(PLACEHOLDERS).join("|")})\\}`, "g");

export function contextValues(context: RemedyContext): Map<string, string> {
  const known = Object.entries(context).filter(
    ([name, value]) => name in PLACEHOLDERS && value !== undefined && value !== "",
  );
  return new Map(known.map(([name, value]) => [name, String(value)]));
}

/** Quoted for its shell; undefined with an unknown value. */
export function fillCommand({ shell, text }: Command, context: RemedyContext): string | undefined {
  const values = contextValues(context);
  if (namesIn(text).some((name) => !values.has(name))) return undefined;
  return text.replace(PLACEHOLDER, (_placeholder, name: string) =>
    quote(shell, values.get(name) ?? ""),
  );
}

export function namesIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
}

/** With more, few shells accept the text. */
export const NAMED_IN_SCRIPT = 1_000;

/** Says how many of more than a thousand it holds. */
export function scriptForAll(
  command: Command,
  { names, count }: Mailboxes,
  context: RemedyContext,
): string | undefined {
  const distinct = distinctNames(names, command.text.includes("{login}"));
  const [only, ...others] = distinct;
  if (!only || !command.text.includes("{mailbox}")) return fillCommand(command, context);
  if (others.length === 0 && count <= names.length)
    return fillCommand(command, { ...context, ...only });
  const named = distinct.slice(0, NAMED_IN_SCRIPT);
  const isAll = named.length === distinct.length && count <= names.length;
  const note = `# ${named.length.toLocaleString("en")} of ${Math.max(count, distinct.length).toLocaleString("en")} are named here. The rest follow when these work again.\n`;
  const script = ofEach(command, named, context);
  return script && (isAll ? "" : note) + script;
}

function distinctNames(names: readonly MailboxNames[], isByLogin: boolean): MailboxNames[] {
  const key = ({ mailbox, login }: MailboxNames) =>
    (isByLogin ? [mailbox, login] : [mailbox]).join("\n").toLowerCase();
  return [...new Map(names.map((each) => [key(each), each])).values()];
}

function ofEach(command: Command, names: MailboxNames[], context: RemedyContext) {
  const { shell, text } = command;
  if (!shell.endsWith("PowerShell"))
    return names.flatMap((each) => fillCommand(command, { ...context, ...each }) ?? []).join("\n");
  const isByLogin = text.includes("{login}");
  const rows = names.map(({ mailbox, login }) =>
    isByLogin
      ? `@{ Mailbox = ${quote(shell, mailbox)}; Login = ${quote(shell, login)} }`
      : quote(shell, mailbox),
  );
  // A function, because `$_` has a meaning in replacement texts.
  const body = text
    .replaceAll("{mailbox}", () => (isByLogin ? "$_.Mailbox" : "$_"))
    .replaceAll("{login}", () => "$_.Login");
  const filled = fillCommand({ shell, text: body }, context);
  return (
    filled && `@(\n${rows.map((row) => `  ${row}`).join("\n")}\n) | ForEach-Object { ${filled} }`
  );
}

function quote(shell: Shell, value: string): string {
  const text = value.replace(/\p{Cc}/gu, "");
  // PowerShell reads typographic quotation marks as plain ones.
  return shell.endsWith("PowerShell")
    ? `'${text.replace(/['\u2018-\u201b]/g, "$&$&")}'`
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
