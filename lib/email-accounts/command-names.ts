import type { MailboxNames } from "@/lib/remedies/remedy";
import { type AccountNames, identitiesOf } from "@/lib/sign-ins/identities";

/** Refusals of SMTP that are about the address a message is from, and not about who signs in. */
const ABOUT_SENDER = new Set([
  "smtp.send_as_denied",
  "smtp.sender_refused",
  "smtp.sender_blocked",
  "smtp.mailbox_full",
]);

/**
 * Whose mailbox the command of a remedy is about, and who is to get a right to it: for a sign-in the name
 * that signs in, for mail the mailbox that the protocol opens.
 */
export function commandNames(remedyId: string, account: AccountNames): MailboxNames {
  const { login, mailbox, sender, smtp } = identitiesOf(account);
  if (ABOUT_SENDER.has(remedyId)) return { mailbox: sender, login };
  if (remedyId.startsWith("smtp.")) return { mailbox: smtp, login };
  const isMail = /^(?:imap|pop3|mail|token)\./.test(remedyId);
  return { mailbox: isMail ? mailbox : login, login };
}
