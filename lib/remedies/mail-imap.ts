import { MAILBOX } from "./commands";
import { EXCHANGE, TENANT } from "./portal";
import type { Remedy } from "./remedy";

const OAUTH =
  "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth";

/** What IMAP servers say about the account. */
export const IMAP_REMEDIES: readonly Remedy[] = [
  {
    id: "imap.authenticate_failed",
    title: "The IMAP server refused the token.",
    cause:
      "IMAP is off for the mailbox, or the person who signed in may not open it. The server does not say which.",
    steps: [
      "Switch IMAP on for the mailbox with the command below, and allow it some minutes.",
      "Check that the user name is the mailbox that is to be read.",
      "For a shared mailbox, give the person who signed in Full Access.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.imapOn,
    link: EXCHANGE.mailboxes,
    says: ["NO AUTHENTICATE failed.", "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"],
    source: OAUTH,
  },
  {
    id: "imap.not_connected",
    title: "The sign-in succeeded, but it does not open this mailbox.",
    cause:
      "The account has no mailbox or licence, another person signed in, or Full Access is missing.",
    steps: [
      "Run the test once more. It can be a passing fault.",
      "Open the mailbox in Outlook on the web with the account that signed in.",
      "For a shared mailbox, give that account Full Access with the command below.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.showRights,
    link: TENANT.users,
    says: ["BAD User is authenticated but not connected."],
    source: "https://github.com/simonrob/email-oauth2-proxy/issues/275",
  },
  {
    id: "imap.no_full_access",
    title: "The account that signed in cannot open this shared mailbox over IMAP.",
    cause: "Full Access is missing, or IMAP is off for the mailbox.",
    steps: [
      "Give the account that signed in Full Access with the command below, and allow it an hour.",
      "Check that IMAP is on for the shared mailbox.",
      "Check that the Mailbox of the account is the address of the shared mailbox.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.giveFullAccess,
    link: EXCHANGE.mailboxes,
    source: OAUTH,
  },
  {
    id: "imap.basic_auth_off",
    title: "The server no longer accepts passwords over IMAP.",
    cause: "Exchange Online switched password sign-in off for IMAP and POP3.",
    steps: [
      "Switch Modern Authentication on for the account.",
      "Then press Authenticate in its row menu.",
    ],
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
    steps: [
      "Run the test again in a few minutes.",
      "Close other programs that use the same mailbox.",
    ],
    who: "postkey_administrator",
    retry: "yes",
    says: ["* BYE Connection closed. 14"],
    source: "https://www.rfc-editor.org/rfc/rfc9051#section-7.1.5",
  },
  {
    id: "imap.login_disabled",
    title: "The IMAP server allows no sign-in on this connection.",
    cause: "Passwords are off, or the server does not count this connection as secure.",
    steps: [
      "Use port 993 with TLS from the start.",
      "Or switch Modern Authentication on for the account.",
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
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.showRights,
    link: EXCHANGE.mailboxes,
    source: "https://www.rfc-editor.org/rfc/rfc9051#section-6.3.11",
  },
  {
    id: "imap.preauthenticated",
    title: "The server counts everybody as signed in.",
    cause:
      "It greeted as if the sign-in had already happened. This proves nothing about the account.",
    steps: [
      "Check host and port in the account.",
      "Find out what stands between this machine and the server.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
    says: ["* PREAUTH IMAP4rev1 server ready"],
    source: "https://www.rfc-editor.org/rfc/rfc9051#section-7.1.4",
  },
];
