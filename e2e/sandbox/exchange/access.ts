import { guidFor } from "../directory";

/** What the service principal of an application was given in Exchange Online, once it is known there. */
export interface ExchangeAccess {
  /** Mailboxes given with Add-MailboxPermission: they open over IMAP and POP3, and over SMTP with the claim. */
  fullAccess: string[];
  /** Roles of "RBAC for Applications", each over the mailboxes of a management scope. */
  roles: { name: string; scope: string }[];
}

/** Management scopes by name: the addresses that their filter finds. */
export type Scopes = Record<string, string[]>;

/** The object id of the enterprise application, which is not the one of the app registration. */
export function servicePrincipalOf(clientId: string): string {
  return guidFor(`service principal ${clientId}`);
}

/** Whether a role alone opens this mailbox: no token names it. */
export function opensByRole(
  { exchange, scopes }: { exchange: ExchangeAccess | undefined; scopes: Scopes },
  permission: string,
  address: string,
): boolean {
  const has = exchange?.roles.filter(({ name }) => name === `Application ${permission}`) ?? [];
  return has.some(({ scope }) => scopes[scope]?.includes(address));
}
