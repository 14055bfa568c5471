import { MAILBOX, NETWORK } from "./commands";
import { ADMIN, entry, OWNER, OWNER_WAITS, PASSES, rfc, see, TENANT_ADMIN } from "./entry";
import { EXCHANGE } from "./portal";
import { editAccount, hosts, mailbox, run, test, toTokens } from "./steps";

export const SMTP_AUTH =
  "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission";

export const NO_MAILBOX_STEPS = [
  mailbox`If there is no such mailbox, correct the Username and the Mailbox of the account.`,
  run`Check that the account has a mailbox, with {command}, and a licence for it.`,
  "Open the mailbox in its web mail with this account.",
  test`If it opens there, {press}. It can be a passing fault.`,
];

const mailboxRefused = <P extends string>(protocol: P, source: string) =>
  entry(`${protocol}.mailbox_refused`, see(TENANT_ADMIN, EXCHANGE.mailboxes, MAILBOX.showRights), {
    ownMailbox: { steps: NO_MAILBOX_STEPS, command: MAILBOX.showMailbox },
    source,
  })`
    The sign-in succeeded, but the mailbox cannot be read over ${protocol.toUpperCase()}.
    The account has no mailbox on this server, or may not read it.
    ${mailbox`If there is no such mailbox, correct the Mailbox of the account.`}
    Open the mailbox in its web mail with the account that signed in.
    Check its licence and its rights.`;

export const ACCOUNT_REMEDIES = [
  entry("imap.bad_command", see(ADMIN, rfc("9051#section-7.1.3"), NETWORK.showTls), {
    says: ["BAD Command Argument Error. 11"],
  })`
    The IMAP server could not read a command.
    BAD means that a command is malformed, not that a right is missing. The token may be too long, or the user name unusual.
    Check that the user name of the account is an email address, without extra characters.
    ${hosts`Check host and port{there}.`}
    Read the server's words below.`,
  entry("imap.bye", see(PASSES, rfc("9051#section-7.1.5")), {
    says: ["* BYE Connection closed. 14"],
  })`
    The IMAP server said goodbye instead of going on.
    It is overloaded, restarting, or counts too many connections.
    ${test`{Press} in a few minutes.`}
    Close other programs that use the same mailbox.`,
  entry("imap.login_disabled", see(ADMIN, rfc("9051#section-6.2.3")), {
    credential: "password",
    says: ["NO [PRIVACYREQUIRED] TLS is required."],
  })`
    The IMAP server allows no sign-in on this connection.
    Passwords are off, or the server does not treat this connection as secure.
    ${hosts`Use port 993 with TLS from the start{there}.`}
    ${toTokens`Or switch Modern Authentication on for the account.`}`,
  mailboxRefused("imap", rfc("9051#section-6.3.11")),
  entry("imap.preauthenticated", see(ADMIN, rfc("9051#section-7.1.4")), {
    says: ["* PREAUTH IMAP4rev1 server ready"],
  })`
    The server treats everyone as signed in.
    It greeted as if the sign-in had already happened. This proves nothing about the account.
    ${hosts`Check host and port{there}.`}
    Find out what is between this machine and the server.`,
  entry("pop3.mailbox_locked", see(OWNER_WAITS, rfc("2449#section-8.1.2")), {
    says: ["-ERR [IN-USE] Do you have another POP session running?"],
  })`
    Another program has the mailbox open over POP3.
    POP3 allows only one at a time.
    Close the other program, or wait for it to finish.`,
  mailboxRefused("pop3", rfc("1939#section-5")),
  entry("pop3.refused", see(ADMIN, rfc("1939#section-3")))`
    The POP3 server refused to go on.
    Its own words are below.
    Read the server's words.
    ${hosts`Check host and port{there}.`}`,
  entry("smtp.auth_not_offered", see(TENANT_ADMIN, EXCHANGE.mailboxes, MAILBOX.showProtocols), {
    says: ["504 5.7.4 Unrecognized authentication type"],
    source: rfc("4954"),
  })`
    The SMTP server does not let this account sign in.
    It offers no sign-in of this kind, or it is not the submission server.
    ${hosts`Use the submission host of the service with port 587 and STARTTLS{there}.`}
    Check that the mailbox may send over SMTP.`,
  entry("smtp.client_refused", see(ADMIN, rfc("5321#section-3.1")), {
    says: ["554 5.7.1 Service unavailable; client host blocked"],
  })`
    The SMTP server does not talk to this machine.
    It refuses the address that Postkey connects from, or it is not the submission server.
    ${hosts`Use the submission host of the service with port 587{there}.`}
    Check whether the address of this machine is on a block list.`,
  entry("smtp.refused", see(ADMIN, rfc("5321#section-4.2")))`
    The SMTP server refused a command.
    Its own words are below.
    Read the server's words.
    ${hosts`Check host, port and TLS mode{there}.`}`,
  entry("smtp.not_authenticated", see(ADMIN, MAILBOX.showProtocols, SMTP_AUTH), {
    says: ["530 5.7.57 Client not authenticated to send mail."],
  })`
    The SMTP server wants a sign-in first.
    The sign-in was not accepted, or the server wants another kind of connection.
    ${hosts`Use port 587 with STARTTLS{there}.`}
    ${hosts`Check host and port{there}.`}`,
  entry("smtp.mailbox_full", see(OWNER, EXCHANGE.mailboxes, MAILBOX.showSize), {
    says: ["554 5.2.2 mailbox full"],
    source:
      "https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements",
  })`
    The mailbox is full.
    Copies of sent mail count against its size.
    Empty Sent Items or archive them.
    Set a retention policy for the mailbox.`,
  entry("smtp.sender_refused", see(ADMIN, rfc("5321#section-3.3"), MAILBOX.showAddresses), {
    says: ["553 5.1.7 Invalid address"],
  })`
    The SMTP server does not accept this sender.
    The Email Address is not one that this server sends for.
    Check the Email Address of the account.
    Read the server's words below.`,
  entry("password.refused", see(ADMIN, rfc("4954")), { credential: "password" })`
    The user name or password is wrong.
    The server refused them. Some accept only an app password, or none at all.
    ${editAccount`Type the password again in the account.`}
    Where two-step verification is on, create an app password and use that.
    ${toTokens`Or switch Modern Authentication on for the account.`}`,
  entry("password.app_password", see(OWNER, "https://support.google.com/accounts/answer/185833"), {
    credential: "password",
    says: ["534 5.7.9 Application-specific password required"],
  })`
    The server wants an app password.
    The account has two-step verification, and its own password does not work for programs.
    Create an app password in the account's security settings.
    Enter it as the password of the account.`,
  entry("password.expired", see(OWNER, rfc("5530#section-3")), {
    credential: "password",
    says: ["NO [EXPIRED] LOGIN failed: the password has expired."],
  })`
    The password has expired.
    The server still knows the password, but no longer accepts it.
    Set a new password for the mailbox.
    ${editAccount`Enter the new password in the account.`}`,
];
