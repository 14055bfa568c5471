import { listed } from "@/lib/kernel/text/schema";
import { MAIL_PERMISSIONS } from "./microsoft/mail-tokens";
import type { PermissionState } from "./service";

const LABELS = { imap: "IMAP", pop3: "POP3", smtp: "SMTP" } as const;
const PROTOCOLS = ["imap", "pop3", "smtp"] as const;

/**
 * What an application opens: a sentence each for mail servers and for Microsoft Graph.
 * Microsoft, "Authenticate an IMAP, POP or SMTP connection using OAuth" and "Role Based Access Control for
 * Applications in Exchange Online".
 * @param permissions as its tokens name them: a role that only Exchange Online gives is in none
 */
export function reachOf(permissions: readonly PermissionState[]): string[] {
  const granted = grantedOf(permissions);
  const open = PROTOCOLS.filter((each) => granted.includes(MAIL_PERMISSIONS[each].application));
  const inEntra = grantedAtGraph(permissions);
  const over = listed(open.map((each) => LABELS[each]));
  return [
    ...(over ? [`Over ${over}: the mailboxes that give its service principal FullAccess.`] : []),
    ...(open.includes("smtp")
      ? []
      : ["Over SMTP: the mailboxes in the scope of its role in Exchange Online, if it has one."]),
    inEntra.length > 0
      ? `Through Microsoft Graph: every mailbox of the organization, because Entra grants ${listed(inEntra)}.`
      : "Through Microsoft Graph: the mailboxes in the scope of its roles in Exchange Online, and every mailbox of the organization for what Entra grants.",
  ];
}

/** Granted in Entra, so that they open every mailbox. */
export function grantedAtGraph(permissions: readonly PermissionState[]): string[] {
  return grantedOf(permissions).filter(isAtGraph);
}

export function isAtGraph(permission: string): boolean {
  return permission.startsWith("Mail.");
}

function grantedOf(permissions: readonly PermissionState[]): string[] {
  return permissions.filter(({ isGranted }) => isGranted).map(({ name }) => name);
}
