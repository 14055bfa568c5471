import { DIRECTORY, NETWORK } from "./commands";
import { TENANT } from "./portal";
import type { Written } from "./remedy";
import { editAccount, hosts, PATH, passwords, signIn, test, wait } from "./steps";

export const CONVERSATION_REMEDIES = [
  {
    id: "mail.no_greeting",
    reason: "server_silent",
    title: "The server accepted the connection but sent no greeting.",
    cause:
      "It is overloaded, makes unknown clients wait, or expects TLS from the start on this port.",
    steps: [hosts`Check port and TLS mode{there}.`, test`{Press} in a few minutes.`],
    retry: "yes",
    command: NETWORK.connect,
    source: "https://www.rfc-editor.org/rfc/rfc9051",
  },
  {
    id: "mail.wrong_service",
    title: "Another service answers on this port.",
    cause: "The answer is not in this mail protocol. It may be a web server's page.",
    steps: [hosts`Check host and port{there}.`],
    command: NETWORK.connect,
    source: "https://www.rfc-editor.org/rfc/rfc9051",
  },
  {
    id: "mail.deadline",
    title: "The server took too long to answer.",
    cause: "It stopped in the middle, or something on the way loses or delays what is sent.",
    steps: [test`{Press}.`, PATH, "If it always stops here, ask the operator of the server."],
    retry: "yes",
    source: "https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2",
  },
  {
    id: "mail.flood",
    title: "The server sent far more than it should.",
    cause: "A line or an answer exceeded every sensible size. Postkey hung up.",
    steps: [
      hosts`Check host and port{there}.`,
      "Tell the operator of the server if they are right.",
    ],
    source: "https://www.rfc-editor.org/rfc/rfc1939#section-3",
  },
  {
    id: "mail.protocol_error",
    title: "The server gave a reply that makes no sense here.",
    cause: "It does not follow the protocol, or another service answers on this port.",
    steps: [hosts`Check host and port{there}.`, "Read the server's words below."],
    source: "https://www.rfc-editor.org/rfc/rfc9051",
  },
  {
    id: "mail.connection_lost",
    reason: "connection_broken",
    title: "The server closed the connection.",
    cause: "It restarted or limits connections, or something on the way cut the connection.",
    steps: [
      test`{Press}.`,
      PATH,
      "Close other programs that use the same mailbox if this keeps happening.",
    ],
    retry: "yes",
    source: "https://www.rfc-editor.org/rfc/rfc9051",
  },
  {
    id: "mail.temporary",
    title: "The server cannot do this at the moment.",
    cause: "It says so itself, and asks you to try again later.",
    steps: [test`{Press} in a few minutes.`],
    retry: "yes",
    says: [
      "451 4.7.500 Server busy. Please try again later",
      "421 4.3.2 Service not available",
      "NO [UNAVAILABLE] Server Unavailable. 15",
      "-ERR [SYS/TEMP] Server Unavailable. 15",
      "NO Server Unavailable. 15",
    ],
    source: "https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1",
  },
  {
    id: "mail.throttled",
    title: "The server limits how often or how much this mailbox is used.",
    cause: "Servers allow a mailbox few connections at once, often three for sending.",
    steps: [wait`Wait a few minutes.`, "Have fewer programs use the mailbox at the same time."],
    retry: "yes",
    says: [
      "432 4.3.2 Concurrent connections limit exceeded.",
      "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded",
      "* BYE Too many simultaneous connections",
      "NO MailboxConcurrencyLimit",
      "421 4.7.0 Too many concurrent SMTP connections; please try again later",
    ],
    source:
      "https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements",
  },
  {
    id: "mail.contact_admin",
    title: "The server wants its administrator to look at this account.",
    cause:
      "It says that retrying does not help, and that the cause is a fault on its side or a lock.",
    steps: [
      "Ask the administrator of the mail server, and give the server's words below.",
      "Check that the account is not locked or suspended.",
    ],
    who: "tenant_administrator",
    command: DIRECTORY.showUser,
    link: TENANT.users,
    says: ["NO [CONTACTADMIN] Contact your administrator.", "-ERR [SYS/PERM] Mailbox is disabled."],
    source: "https://www.rfc-editor.org/rfc/rfc5530#section-3",
  },
  {
    id: "mail.no_xoauth2",
    title: "The server does not offer modern authentication.",
    cause: "It is not the server of this service, or something in between hides the offer.",
    steps: [
      hosts`Check the host{there}.`,
      passwords`If the server has passwords only, switch Modern Authentication off.`,
    ],
    command: NETWORK.showTls,
    source:
      "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth",
  },
  {
    id: "mail.token_refused",
    credential: "xoauth2",
    title: "The server refused the token.",
    cause: "The account that signed in may not open this mailbox. The server does not say why.",
    steps: [
      editAccount`Check that the Username of the account is the account that signed in.`,
      signIn`{Press} and sign in again.`,
    ],
    who: "mailbox_owner",
    source: "https://www.rfc-editor.org/rfc/rfc7628#section-3.2.2",
  },
  {
    id: "mail.invalid_credential",
    title: "The user name, password or address contains characters that cannot be sent.",
    cause: "There is a line break or another invisible character in it, often from pasting.",
    steps: [editAccount`Type the value again in the account.`],
    source: "https://www.rfc-editor.org/rfc/rfc7628#section-3.1",
  },
] as const satisfies readonly Written[];
