import { MAILBOX } from "./commands";
import { NO_MAILBOX_STEPS, switchedOffRow } from "./mail-mailbox";
import { EXCHANGE, TENANT } from "./portal";
import type { Entry } from "./remedy";
import { hosts, mailbox, run, test } from "./steps";

const OAUTH =
  "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth";

/** What POP3 servers say about the account. */
export const POP3_REMEDIES: readonly Entry[] = [
  {
    id: "pop3.protocol_error",
    title: "The POP3 server lost track of the sign-in.",
    cause:
      "Exchange Online hangs up when the token comes on the wrong line, or is too long for POP3.",
    steps: [test`{Press}.`, "Use IMAP for this mailbox if this keeps happening."],
    who: "postkey_administrator",
    retry: "after_fix",
    command: MAILBOX.showProtocols,
    link: EXCHANGE.mailboxes,
    says: ["-ERR Protocol error. Connection is closed. 10"],
    source: "https://github.com/getmail6/getmail6/issues/256",
  },
  {
    id: "pop3.authentication_failure",
    reason: "token_refused",
    title: "The POP3 server refused the token.",
    cause:
      "POP3 is off for the mailbox, or the person who signed in may not open it. The server does not say which.",
    steps: [
      run`Switch POP3 on for the mailbox with {command}, and allow it some minutes.`,
      "Check that the user name is the mailbox that you want to read.",
      "For a shared mailbox, give the person who signed in Full Access.",
    ],
    ownMailbox: {
      cause: "POP3 is off for the mailbox, or the account has none. The server does not say which.",
      steps: [
        run`Switch POP3 on for the mailbox with {command}, and allow it some minutes.`,
        "Check that the account has a mailbox and a licence for it.",
      ],
    },
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.popOn,
    link: EXCHANGE.mailboxes,
    says: ["-ERR Authentication failure: unknown user name or bad password."],
    source: OAUTH,
  },
  {
    id: "pop3.not_connected",
    reason: "not_connected",
    title: "The sign-in succeeded, but it does not open this mailbox over POP3.",
    cause:
      "The account has no mailbox or licence, another person signed in, or Full Access is missing.",
    steps: [
      test`{Press}. It can be a passing fault.`,
      run`Check that the account that signed in has Full Access, with {command}.`,
      "Open the mailbox in Outlook on the web with that account.",
    ],
    ownMailbox: {
      cause: "The account has no mailbox here, or no licence for it. Guests have none.",
      steps: NO_MAILBOX_STEPS,
      command: MAILBOX.showMailbox,
    },
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.showRights,
    link: TENANT.users,
    says: ["-ERR User is authenticated but not connected."],
    source: "https://github.com/getmail6/getmail6/issues/221",
  },
  switchedOffRow("pop3", { name: "POP3", other: "IMAP", command: MAILBOX.popOn }),
  {
    id: "pop3.no_full_access",
    reason: "full_access",
    title: "The account that signed in cannot open this shared mailbox over POP3.",
    cause: "Full Access is missing, or POP3 is off for the mailbox.",
    steps: [
      run`Give the account that signed in Full Access with {command}, and allow it an hour.`,
      "Check that POP3 is on for the shared mailbox.",
      mailbox`Check that the Mailbox of the account is the address of the shared mailbox.`,
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.giveFullAccess,
    link: EXCHANGE.mailboxes,
    source: OAUTH,
  },
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
    retry: "after_fix",
    command: MAILBOX.showRights,
    link: EXCHANGE.mailboxes,
    source: "https://www.rfc-editor.org/rfc/rfc1939#section-5",
  },
  {
    id: "pop3.refused",
    title: "The POP3 server refused to go on.",
    cause: "Its own words are below.",
    steps: ["Read the server's words.", hosts`Check host and port{there}.`],
    who: "postkey_administrator",
    retry: "after_fix",
    source: "https://www.rfc-editor.org/rfc/rfc1939#section-3",
  },
];
