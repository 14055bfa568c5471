import { EXCHANGE } from "./portal";
import type { Entry } from "./remedy";
import { run, test } from "./steps";

/** What helps when an account cannot open its own mailbox. */
export const NO_MAILBOX_STEPS: Entry["steps"] = [
  test`{Press}. It can be a passing fault.`,
  run`Check that the account has a mailbox, with {command}, and a licence for it.`,
  "Open the mailbox in Outlook on the web with this account.",
];

/** What helps when a mailbox opens over one protocol, and not over this one. */
export function switchedOffRow(
  protocol: "imap" | "pop3",
  { name, other, command }: { name: string; other: string } & Required<Pick<Entry, "command">>,
): Entry {
  return {
    id: `${protocol}.switched_off`,
    title: `${name} is switched off for this mailbox.`,
    cause: `The same account opened the same mailbox over ${other} in the same test, so its rights are not the cause.`,
    steps: [
      run`Switch ${name} on for the mailbox with {command}, and allow it up to an hour.`,
      test`If ${name} is on already, {press}. It can be a passing fault.`,
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command,
    link: EXCHANGE.mailboxes,
    source:
      "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/pop3-and-imap4/enable-or-disable-pop3-or-imap4-access",
  };
}
