import { findMailbox } from "../directory";
import type { Platform } from "../platform";
import type { Registration } from "../registrations";
import { type ExchangeAccess, opensByRole, servicePrincipalOf } from "./access";

/** A line of a script, and what the shell says to it. */
export interface Ran {
  line: string;
  output: string;
  isRefused: boolean;
}

/** As a red line of the shell, after which it goes on. */
class Refused extends Error {}

/** By lower-case name, as PowerShell tells no case apart. */
type Parameters = Readonly<Record<string, string>>;
type Command = (platform: Platform, parameters: Parameters) => string;

const COMMANDS: Readonly<Record<string, Command>> = {
  "connect-exchangeonline": () => "Connected as an Exchange administrator.",
  "new-serviceprincipal": newServicePrincipal,
  "add-mailboxpermission": addMailboxPermission,
  "new-managementscope": newManagementScope,
  "set-managementscope": setManagementScope,
  "new-managementroleassignment": newManagementRoleAssignment,
  "test-serviceprincipalauthorization": testAuthorization,
};

const ROLES = ["SMTP.SendAsApp", "Mail.Send", "Mail.ReadBasic"].map(
  (name) => `Application ${name}`,
);

/** Runs what Postkey prints for Exchange Online PowerShell, line by line. Comments do nothing. */
export function runPowerShell(platform: Platform, script: string): Ran[] {
  const lines = script.split("\n").map((line) => line.trim());
  const ran = lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      try {
        return { line, output: runLine(platform, line), isRefused: false };
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return { line, output: error.message, isRefused: true };
      }
    });
  platform.state.save();
  return ran;
}

function runLine(platform: Platform, line: string): string {
  const [name = "", ...rest] = wordsOf(line);
  const command = COMMANDS[name.toLowerCase()];
  if (!command)
    throw new Refused(`The term '${name}' is not recognized as a name of a cmdlet, or not here.`);
  const pairs = rest.flatMap((word, index) =>
    index % 2 === 0 ? [[word.slice(1).toLowerCase(), rest[index + 1] ?? ""]] : [],
  );
  return command(platform, Object.fromEntries(pairs));
}

/** In single quotes, a quote is doubled. */
function wordsOf(line: string): string[] {
  const found = line.matchAll(/'((?:[^']|'')*)'|(\S+)/g);
  return [...found].map(([, quoted, plain = ""]) => quoted?.replaceAll("''", "'") ?? plain);
}

function newServicePrincipal({ state }: Platform, { appid, objectid }: Parameters): string {
  const registration = state.data.registrations.find(({ clientId }) => clientId === appid);
  if (!registration || objectid !== servicePrincipalOf(registration.clientId))
    throw new Refused("No enterprise application has this application id and this object id.");
  if (registration.exchange) throw new Refused("The service principal exists already.");
  registration.exchange = { fullAccess: [], roles: [] };
  return `${registration.name} is known to Exchange Online.`;
}

function addMailboxPermission(platform: Platform, { identity, user, accessrights }: Parameters) {
  const mailbox = requireMailbox(identity);
  if (accessrights !== "FullAccess") throw new Refused("Only FullAccess is known here.");
  const { exchange } = requirePrincipal(platform, user);
  if (!exchange.fullAccess.includes(mailbox)) exchange.fullAccess.push(mailbox);
  return `FullAccess to ${mailbox}.`;
}

function newManagementScope({ state }: Platform, parameters: Parameters): string {
  const { name = "" } = parameters;
  const { scopes } = state.data;
  if (scopes[name]) throw new Refused(`The management scope '${name}' exists already.`);
  scopes[name] = filtered(parameters);
  return `${name}: ${scopes[name].join(", ")}.`;
}

function setManagementScope({ state }: Platform, parameters: Parameters): string {
  const { identity = "" } = parameters;
  const { scopes } = state.data;
  if (!scopes[identity]) throw new Refused(`There is no management scope '${identity}'.`);
  scopes[identity] = filtered(parameters);
  return `${identity}: ${scopes[identity].join(", ")}.`;
}

function newManagementRoleAssignment(platform: Platform, parameters: Parameters): string {
  const { app, role: name = "", customresourcescope: scope = "" } = parameters;
  const { exchange } = requirePrincipal(platform, app);
  if (!ROLES.includes(name)) throw new Refused(`There is no role '${name}'.`);
  if (!platform.state.data.scopes[scope])
    throw new Refused(`There is no management scope '${scope}'.`);
  if (exchange.roles.some((role) => role.name === name && role.scope === scope))
    throw new Refused("The management role assignment exists already.");
  exchange.roles.push({ name, scope });
  return `${name} over ${scope}.`;
}

function testAuthorization(platform: Platform, { identity, resource }: Parameters): string {
  const { exchange } = requirePrincipal(platform, identity);
  const mailbox = requireMailbox(resource);
  const { scopes } = platform.state.data;
  const rows = exchange.roles.map(({ name }) => {
    const isInScope = opensByRole({ exchange, scopes }, name.replace("Application ", ""), mailbox);
    return `${name} InScope ${isInScope ? "True" : "False"}`;
  });
  return rows.join(", ") || "No roles.";
}

function filtered({ recipientrestrictionfilter: filter = "" }: Parameters): string[] {
  return filter.split(" -or ").map((part) => {
    const [property, operator, address, ...more] = wordsOf(part);
    if (property !== "PrimarySmtpAddress" || operator !== "-eq" || more.length > 0)
      throw new Refused("Only PrimarySmtpAddress -eq … -or … is known here.");
    return requireMailbox(address);
  });
}

function requireMailbox(address = ""): string {
  const mailbox = findMailbox(address);
  if (!mailbox) throw new Refused(`The mailbox '${address}' couldn't be found.`);
  return mailbox.address;
}

/** By the client id or the object id, either of which Exchange takes. */
function requirePrincipal({ state }: Platform, id: string | undefined) {
  const isIt = ({ clientId }: Registration) =>
    clientId === id || servicePrincipalOf(clientId) === id;
  const exchange: ExchangeAccess | undefined = state.data.registrations.find(isIt)?.exchange;
  if (!exchange) throw new Refused(`The service principal '${id}' couldn't be found.`);
  return { exchange };
}
