import type { Remedy, Shell } from "@/lib/remedies/remedy";

/** Who takes the steps of a remedy. */
const DOES_IT: Readonly<Record<Remedy["who"], string>> = {
  mailbox_owner: "Who can fix this: the owner of the mailbox.",
  tenant_administrator: "Who can fix this: an administrator of the tenant.",
  company_administrator: "Who can fix this: an administrator of your company's accounts.",
  postkey_administrator: "Who can fix this: you.",
};

/** Where a command is run: who may run it follows from that. */
const RUN_IT: Readonly<Record<Shell, string>> = {
  "Exchange Online PowerShell":
    "Run in Exchange Online PowerShell as a tenant administrator, after Connect-ExchangeOnline:",
  "Microsoft Graph PowerShell":
    "Run in Microsoft Graph PowerShell as a tenant administrator, after Connect-MgGraph:",
  "Azure CLI": "Run in Azure CLI as a tenant administrator, after az login:",
  "Command line of the Postkey server": "Run on the Postkey server:",
};

/**
 * A whole sentence about who takes the steps of a remedy.
 * @param other who does it in Postkey, where that is not the reader
 */
export function whoDoesIt(who: Remedy["who"], other?: string): string {
  if (who === "postkey_administrator" && other) return `Who can fix this: ${other}.`;
  return DOES_IT[who];
}

/** The line above a command: where to run it, and as whom. */
export function whereToRun(shell: Shell): string {
  return RUN_IT[shell];
}
