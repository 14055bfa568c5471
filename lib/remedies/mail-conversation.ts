import { DIRECTORY, NETWORK } from "./commands";
import { ADMIN, entry, OWNER, PASSES, see, TENANT_ADMIN } from "./entry";
import { TENANT } from "./portal";
import { editAccount, hosts, PATH, passwords, SIGN_IN_AGAIN, TEST, test, wait } from "./steps";

export const CONVERSATION_REMEDIES = [
  entry("mail.no_greeting", see(PASSES, "https://www.rfc-editor.org/rfc/rfc9051"), {
    reason: "server_silent",
    command: NETWORK.connect,
  })`
    The server accepted the connection but sent no greeting.
    It is overloaded, makes unknown clients wait, or expects TLS from the start on this port.
    ${hosts`Check port and TLS mode{there}.`}
    ${test`{Press} in a few minutes.`}`,
  entry("mail.wrong_service", see(ADMIN, "https://www.rfc-editor.org/rfc/rfc9051"), {
    command: NETWORK.connect,
  })`
    Another service answers on this port.
    The answer is not in this mail protocol. It may be a web server's page.
    ${hosts`Check host and port{there}.`}`,
  entry("mail.deadline", see(PASSES, "https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2"))`
    The server took too long to answer.
    It stopped in the middle, or something on the way loses or delays what is sent.
    ${TEST}
    ${PATH}
    If it always stops here, ask the operator of the server.`,
  entry("mail.flood", see(ADMIN, "https://www.rfc-editor.org/rfc/rfc1939#section-3"))`
    The server sent far more than it should.
    A line or an answer exceeded every sensible size. Postkey hung up.
    ${hosts`Check host and port{there}.`}
    Tell the operator of the server if they are right.`,
  entry("mail.protocol_error", see(ADMIN, "https://www.rfc-editor.org/rfc/rfc9051"))`
    The server gave a reply that makes no sense here.
    It does not follow the protocol, or another service answers on this port.
    ${hosts`Check host and port{there}.`}
    Read the server's words below.`,
  entry("mail.connection_lost", see(PASSES, "https://www.rfc-editor.org/rfc/rfc9051"), {
    reason: "connection_broken",
  })`
    The server closed the connection.
    It restarted or limits connections, or something on the way cut the connection.
    ${TEST}
    ${PATH}
    Close other programs that use the same mailbox if this keeps happening.`,
  entry("mail.temporary", see(PASSES, "https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1"), {
    says: [
      "451 4.7.500 Server busy. Please try again later",
      "421 4.3.2 Service not available",
      "NO [UNAVAILABLE] Server Unavailable. 15",
      "-ERR [SYS/TEMP] Server Unavailable. 15",
      "NO Server Unavailable. 15",
    ],
  })`
    The server cannot do this at the moment.
    It says so itself, and asks you to try again later.
    ${test`{Press} in a few minutes.`}`,
  entry("mail.throttled", PASSES, {
    says: [
      "432 4.3.2 Concurrent connections limit exceeded.",
      "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded",
      "* BYE Too many simultaneous connections",
      "NO MailboxConcurrencyLimit",
      "421 4.7.0 Too many concurrent SMTP connections; please try again later",
    ],
    source:
      "https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements",
  })`
    The server limits how often or how much this mailbox is used.
    Servers allow a mailbox few connections at once, often three for sending.
    ${wait`Wait a few minutes.`}
    Have fewer programs use the mailbox at the same time.`,
  entry("mail.contact_admin", see(TENANT_ADMIN, TENANT.users, DIRECTORY.showUser), {
    says: ["NO [CONTACTADMIN] Contact your administrator.", "-ERR [SYS/PERM] Mailbox is disabled."],
    source: "https://www.rfc-editor.org/rfc/rfc5530#section-3",
  })`
    The server wants its administrator to look at this account.
    It says that retrying does not help, and that the cause is a fault on its side or a lock.
    Ask the administrator of the mail server, and give the server's words below.
    Check that the account is not locked or suspended.`,
  entry("mail.no_xoauth2", see(ADMIN, NETWORK.showTls), {
    source:
      "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth",
  })`
    The server does not offer modern authentication.
    It is not the server of this service, or something in between hides the offer.
    ${hosts`Check the host{there}.`}
    ${passwords`If the server has passwords only, switch Modern Authentication off.`}`,
  entry("mail.token_refused", see(OWNER, "https://www.rfc-editor.org/rfc/rfc7628#section-3.2.2"), {
    credential: "xoauth2",
  })`
    The server refused the token.
    The account that signed in may not open this mailbox. The server does not say why.
    ${editAccount`Check that the Username of the account is the account that signed in.`}
    ${SIGN_IN_AGAIN}`,
  entry("mail.invalid_credential", ADMIN, {
    source: "https://www.rfc-editor.org/rfc/rfc7628#section-3.1",
  })`
    The user name, password or address contains characters that cannot be sent.
    There is a line break or another invisible character in it, often from pasting.
    ${editAccount`Type the value again in the account.`}`,
];
