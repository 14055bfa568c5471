import { MAILBOX, NETWORK } from "./commands";
import { NO_MAILBOX_STEPS, switchedOffRow } from "./mail-mailbox";
import { EXCHANGE, TENANT } from "./portal";
import type { Entry } from "./remedy";
import { editAccount, hosts, mailbox, run, signIn, test } from "./steps";

const OAUTH =
  "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth";

/** What IMAP servers say about the account. */
export const IMAP_REMEDIES: readonly Entry[] = [
  {
    id: "imap.authenticate_failed",
    reason: "token_refused",
    title: "The IMAP server refused the token.",
    cause:
      "IMAP is off for the mailbox, or the person who signed in may not open it. The server does not say which.",
    steps: [
      run`Switch IMAP on for the mailbox with {command}, and allow it some minutes.`,
      "Check that the user name is the mailbox that you want to read.",
      "For a shared mailbox, give the person who signed in Full Access.",
    ],
    ownMailbox: {
      cause: "IMAP is off for the mailbox, or the account has none. The server does not say which.",
      steps: [
        run`Switch IMAP on for the mailbox with {command}, and allow it some minutes.`,
        "Check that the account has a mailbox and a licence for it.",
      ],
    },
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.imapOn,
    link: EXCHANGE.mailboxes,
    says: ["NO AUTHENTICATE failed.", "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"],
    source: OAUTH,
  },
  {
    id: "imap.not_connected",
    reason: "not_connected",
    title: "The sign-in succeeded, but it does not open this mailbox over IMAP.",
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
    says: ["BAD User is authenticated but not connected."],
    source: "https://github.com/simonrob/email-oauth2-proxy/issues/275",
  },
  {
    id: "imap.not_authorised",
    reason: "not_connected",
    title: "The server accepts the sign-in, but not for this mailbox over IMAP.",
    cause: "The account that signed in may not act for this user name.",
    steps: [
      mailbox`Check that the Username and Mailbox of the account are right.`,
      run`Check that the account that signed in has Full Access, with {command}.`,
    ],
    ownMailbox: {
      cause: "The account has no mailbox here, or may not use it over IMAP.",
      steps: NO_MAILBOX_STEPS,
      command: MAILBOX.showMailbox,
    },
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.showRights,
    link: EXCHANGE.mailboxes,
    says: ["NO [AUTHORIZATIONFAILED] No such authorization-ID."],
    source: "https://www.rfc-editor.org/rfc/rfc5530#section-3",
  },
  {
    id: "imap.bad_command",
    title: "The IMAP server could not read a command.",
    cause:
      "BAD means that a command is malformed, not that a right is missing. The token may be too long, or the user name unusual.",
    steps: [
      "Check that the user name of the account is an email address, without extra characters.",
      hosts`Check host and port{there}.`,
      "Read the server's words below.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
    command: NETWORK.showTls,
    says: ["BAD Command Argument Error. 11"],
    source: "https://www.rfc-editor.org/rfc/rfc9051#section-7.1.3",
  },
  switchedOffRow("imap", { name: "IMAP", other: "POP3", command: MAILBOX.imapOn }),
  {
    id: "imap.no_full_access",
    reason: "full_access",
    title: "The account that signed in cannot open this shared mailbox over IMAP.",
    cause: "Full Access is missing, or IMAP is off for the mailbox.",
    steps: [
      run`Give the account that signed in Full Access with {command}, and allow it an hour.`,
      "Check that IMAP is on for the shared mailbox.",
      mailbox`Check that the Mailbox of the account is the address of the shared mailbox.`,
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.giveFullAccess,
    link: EXCHANGE.mailboxes,
    source: OAUTH,
  },
  {
    id: "imap.basic_auth_off",
    reason: "passwords_off",
    title: "The server no longer accepts passwords over IMAP.",
    cause: "Exchange Online switched password sign-in off for IMAP and POP3.",
    steps: [editAccount`Switch Modern Authentication on for the account.`, signIn`Then {press}.`],
    who: "postkey_administrator",
    retry: "after_fix",
    says: ["NO LOGIN failed."],
    source:
      "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online",
  },
  {
    id: "imap.bye",
    title: "The IMAP server said goodbye instead of going on.",
    cause: "It is overloaded, restarting, or counts too many connections.",
    steps: [test`{Press} in a few minutes.`, "Close other programs that use the same mailbox."],
    who: "postkey_administrator",
    retry: "yes",
    says: ["* BYE Connection closed. 14"],
    source: "https://www.rfc-editor.org/rfc/rfc9051#section-7.1.5",
  },
  {
    id: "imap.login_disabled",
    title: "The IMAP server allows no sign-in on this connection.",
    cause: "Passwords are off, or the server does not treat this connection as secure.",
    steps: [
      hosts`Use port 993 with TLS from the start{there}.`,
      editAccount`Or switch Modern Authentication on for the account.`,
    ],
    who: "postkey_administrator",
    retry: "after_fix",
    says: ["NO [PRIVACYREQUIRED] TLS is required."],
    source: "https://www.rfc-editor.org/rfc/rfc9051#section-6.2.3",
  },
  {
    id: "imap.mailbox_refused",
    title: "The sign-in succeeded, but the inbox cannot be opened.",
    cause: "The account has no inbox on this server, or may not read it.",
    steps: [
      "Open the mailbox in its web mail with the account that signed in.",
      "Check its licence and its rights.",
    ],
    ownMailbox: { steps: NO_MAILBOX_STEPS, command: MAILBOX.showMailbox },
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.showRights,
    link: EXCHANGE.mailboxes,
    source: "https://www.rfc-editor.org/rfc/rfc9051#section-6.3.11",
  },
  {
    id: "imap.preauthenticated",
    title: "The server treats everyone as signed in.",
    cause:
      "It greeted as if the sign-in had already happened. This proves nothing about the account.",
    steps: [
      hosts`Check host and port{there}.`,
      "Find out what is between this machine and the server.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
    says: ["* PREAUTH IMAP4rev1 server ready"],
    source: "https://www.rfc-editor.org/rfc/rfc9051#section-7.1.4",
  },
];
