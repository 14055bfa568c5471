import { MAILBOX } from "./commands";
import { NO_MAILBOX_STEPS } from "./mail-mailbox";
import { EXCHANGE } from "./portal";
import type { Written } from "./remedy";
import { hosts } from "./steps";

/** What POP3 servers say about the account. */
export const POP3_REMEDIES = [
  {
    id: "pop3.mailbox_locked",
    title: "Another program has the mailbox open over POP3.",
    cause: "POP3 allows only one at a time.",
    steps: ["Close the other program, or wait for it to finish."],
    who: "mailbox_owner",
    retry: "yes",
    says: ["-ERR [IN-USE] Do you have another POP session running?"],
    source: "https://www.rfc-editor.org/rfc/rfc2449#section-8.1.2",
  },
  {
    id: "pop3.mailbox_refused",
    title: "The sign-in succeeded, but the mailbox cannot be read over POP3.",
    cause: "The account has no mailbox on this server, or may not read it.",
    steps: [
      "Open the mailbox in its web mail with the account that signed in.",
      "Check its licence and its rights.",
    ],
    ownMailbox: { steps: NO_MAILBOX_STEPS, command: MAILBOX.showMailbox },
    who: "tenant_administrator",
    command: MAILBOX.showRights,
    link: EXCHANGE.mailboxes,
    source: "https://www.rfc-editor.org/rfc/rfc1939#section-5",
  },
  {
    id: "pop3.refused",
    title: "The POP3 server refused to go on.",
    cause: "Its own words are below.",
    steps: ["Read the server's words.", hosts`Check host and port{there}.`],
    source: "https://www.rfc-editor.org/rfc/rfc1939#section-3",
  },
] as const satisfies readonly Written[];
