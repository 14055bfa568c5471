import { emailKey } from "@/lib/kernel/text/normalize";

/** So many are named; of more it is said how many. */
const NAMED = 20;

/** Whether a person signs in for their own mailbox alone, which needs no other name. */
export function isOwnMailbox(username: string, mailboxes: readonly string[]): boolean {
  return mailboxes.every((mailbox) => emailKey(mailbox) === emailKey(username));
}

/** “sales@… and support@…”, or as many as fit, and how many more. */
export function mailboxesText(mailboxes: readonly string[], named = NAMED): string {
  const more = mailboxes.length - named;
  const parts = [
    ...mailboxes.slice(0, named),
    ...(more > 0 ? [`${more.toLocaleString("en")} more`] : []),
  ];
  return new Intl.ListFormat("en").format(parts);
}
