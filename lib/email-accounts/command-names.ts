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
 *
 * @param clientId of the provider; an application gets rights under it
 */
export function commandNames(
  remedyId: string,
  account: AccountNames & { clientId: string | null },
): MailboxNames {
  const { login: user, mailbox, sender, smtp } = identitiesOf(account);
  const login = account.isAppOnly ? (account.clientId ?? user) : user;
  if (ABOUT_SENDER.has(remedyId)) return { mailbox: sender, login };
  if (remedyId.startsWith("smtp.")) return { mailbox: smtp, login };
  const isMail = /^(?:imap|pop3|mail|token)\./.test(remedyId) || account.isAppOnly;
  return { mailbox: isMail ? mailbox : user, login };
}
