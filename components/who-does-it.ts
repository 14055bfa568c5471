import type { Remedy, Shell } from "@/lib/remedies/remedy";

const DOES_IT: Readonly<Record<Remedy["who"], string>> = {
  mailbox_owner: "the owner of the mailbox",
  tenant_administrator: "an administrator of the tenant",
  company_administrator: "an administrator of your company's accounts",
  postkey_administrator: "you",
};

type Readers = {
  /** In Postkey, if not the reader. */
  other?: string | undefined;
  isWaiting?: boolean;
};

export function whoDoesIt(who: Remedy["who"], { other, isWaiting = false }: Readers = {}): string {
  const name = who === "postkey_administrator" && other ? other : DOES_IT[who];
  return isWaiting
    ? `This usually resolves by itself. If it continues, ${name} can look into it.`
    : `Who can fix this: ${name}.`;
}

export function whereToRun(shell: Shell): string {
  return {
    "Exchange Online PowerShell":
      "Run in Exchange Online PowerShell as a tenant administrator, after Connect-ExchangeOnline:",
    "Microsoft Graph PowerShell":
      "Run in Microsoft Graph PowerShell as a tenant administrator, after Connect-MgGraph:",
    "Azure CLI": "Run in Azure CLI as a tenant administrator, after az login:",
    "Command line of the Postkey server": "Run on the Postkey server:",
  }[shell];
}
