import { MAILBOX, NETWORK } from "./commands";
import { NO_MAILBOX_STEPS } from "./mail-mailbox";
import { EXCHANGE } from "./portal";
import type { Written } from "./remedy";
import { hosts, test, toTokens } from "./steps";

/** What IMAP servers say about the account. */
export const IMAP_REMEDIES = [
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
    command: NETWORK.showTls,
    says: ["BAD Command Argument Error. 11"],
    source: "https://www.rfc-editor.org/rfc/rfc9051#section-7.1.3",
  },
  {
    id: "imap.bye",
    title: "The IMAP server said goodbye instead of going on.",
    cause: "It is overloaded, restarting, or counts too many connections.",
    steps: [test`{Press} in a few minutes.`, "Close other programs that use the same mailbox."],
    retry: "yes",
    says: ["* BYE Connection closed. 14"],
    source: "https://www.rfc-editor.org/rfc/rfc9051#section-7.1.5",
  },
  {
    id: "imap.login_disabled",
    credential: "password",
    title: "The IMAP server allows no sign-in on this connection.",
    cause: "Passwords are off, or the server does not treat this connection as secure.",
    steps: [
      hosts`Use port 993 with TLS from the start{there}.`,
      toTokens`Or switch Modern Authentication on for the account.`,
    ],
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
    says: ["* PREAUTH IMAP4rev1 server ready"],
    source: "https://www.rfc-editor.org/rfc/rfc9051#section-7.1.4",
  },
] as const satisfies readonly Written[];
