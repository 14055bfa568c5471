import type { Entry, Shell, Step } from "./remedy";
import { run } from "./steps";

type Who = Entry["who"];

/** The people with access to each shell. */
const RUN_BY: Readonly<Record<Shell, Who>> = {
  "Exchange Online PowerShell": "tenant_administrator",
  "Microsoft Graph PowerShell": "tenant_administrator",
  "Azure CLI": "tenant_administrator",
  "Command line of the Postkey server": "postkey_administrator",
};

const RUNNER: Readonly<Record<Who, string>> = {
  mailbox_owner: "the owner of the mailbox",
  tenant_administrator: "an administrator of the tenant",
  company_administrator: "an administrator of your company's accounts",
  postkey_administrator: "the administrator of the Postkey server",
};

/** A command never appears without its purpose and the person who can run it. */
export function withCommandStep(remedy: Entry): Entry {
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

function stepOf(purpose: string, { shell, who }: { shell: Shell; who: Who }): Step {
  const runner = RUN_BY[shell];
  return runner === who
    ? run`To ${purpose}, run {command}.`
    : run`To ${purpose}, have ${RUNNER[runner]} run {command}.`;
}
