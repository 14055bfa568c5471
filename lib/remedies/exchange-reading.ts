import { MAILBOX } from "./commands";
import { ADMIN, entry, rfc, see, TENANT_ADMIN } from "./entry";
import { NO_MAILBOX_STEPS } from "./mail-account";
import { OAUTH } from "./mail-token";
import { EXCHANGE, TENANT } from "./portal";
import type { Command } from "./remedy";
import { editAccount, mailbox, readByGraph, run, signIn, TEST, test } from "./steps";

const PASSWORDS_OFF = { credential: "password", reason: "passwords_off" } as const;
const TO_TOKENS = [
  editAccount`Switch Modern Authentication on for the account.`,
  signIn`Then {press}.`,
];

/** The token was accepted; the mailbox does not open. */
export const notConnected = <P extends string>(protocol: P, name: string, says: string) =>
  entry(`${protocol}.not_connected`, see(TENANT_ADMIN, TENANT.users, MAILBOX.showRights), {
    reason: "not_connected",
    ownMailbox: {
      cause: "The account has no mailbox here, or no licence for it. Guests have none.",
      steps: NO_MAILBOX_STEPS,
      command: MAILBOX.showMailbox,
    },
    says: [says],
    source: "https://github.com/simonrob/email-oauth2-proxy/issues/275",
  })`
    The sign-in succeeded, but it does not open this mailbox over ${name}.
    The account has no mailbox or licence, another person signed in, or Full Access is missing.
    ${mailbox`If there is no such mailbox, correct the Mailbox of the account.`}
    ${run`Check that the account that signed in has Full Access, with {command}.`}
    Open the mailbox in Outlook on the web with that account.
    ${test`If it opens there, {press}. It can be a passing fault.`}`;

const OR_BY_GRAPH = readByGraph`Or {press}: it needs no IMAP or POP3.`;

type Reading<P> = { protocol: P; name: string; other: string; no: string; command: Command };

const reading = <P extends string>({ protocol, name, other, no, command }: Reading<P>) => [
  notConnected(protocol, name, `${no} User is authenticated but not connected.`),
  entry(`${protocol}.switched_off`, see(TENANT_ADMIN, EXCHANGE.mailboxes, command), {
    source:
      "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/pop3-and-imap4/enable-or-disable-pop3-or-imap4-access",
  })`
    ${name} is switched off for this mailbox.
    The same account opened the same mailbox over ${other} in the same test, so its rights are not the cause.
    ${run`Switch ${name} on for the mailbox with {command}, and allow it up to an hour.`}
    ${test`If ${name} is on already, {press}. It can be a passing fault.`}
    ${OR_BY_GRAPH}`,
  entry(`${protocol}.no_full_access`, see(TENANT_ADMIN, MAILBOX.giveFullAccess, OAUTH), {
    reason: "full_access",
    link: EXCHANGE.mailboxes,
  })`
    The account that signed in cannot open this shared mailbox over ${name}.
    Full Access is missing, or ${name} is off for the mailbox.
    ${run`Give the account that signed in Full Access with {command}, and allow it an hour.`}
    Check that ${name} is on for the shared mailbox.
    ${mailbox`Check that the Mailbox of the account is the address of the shared mailbox.`}
    ${OR_BY_GRAPH}`,
];

const tokenRefused = <I extends string>(
  id: I,
  { name, command }: Pick<Reading<string>, "name" | "command">,
  says: string,
) =>
  entry(id, see(TENANT_ADMIN, EXCHANGE.mailboxes, OAUTH, command), {
    credential: "xoauth2",
    ownMailbox: {
      cause: `${name} is off for the mailbox, or the account has none. The server does not say which.`,
      steps: [
        run`Switch ${name} on for the mailbox with {command}, and allow it some minutes.`,
        "Check that the account has a mailbox and a licence for it.",
        OR_BY_GRAPH,
      ],
    },
    says: [says],
  })`
    The ${name} server refused the token.
    ${name} is off for the mailbox, or the person who signed in may not open it. The server does not say which.
    ${run`Switch ${name} on for the mailbox with {command}, and allow it some minutes.`}
    Check that the user name is the mailbox that you want to read.
    For a shared mailbox, give the person who signed in Full Access.
    ${OR_BY_GRAPH}`;

const IMAP = {
  protocol: "imap",
  name: "IMAP",
  other: "POP3",
  no: "BAD",
  command: MAILBOX.imapOn,
} as const;
const POP3 = {
  protocol: "pop3",
  name: "POP3",
  other: "IMAP",
  no: "-ERR",
  command: MAILBOX.popOn,
} as const;

export const EXCHANGE_READING = [
  tokenRefused("imap.authenticate_failed", IMAP, "NO AUTHENTICATE failed."),
  entry("imap.not_authorised", see(TENANT_ADMIN, EXCHANGE.mailboxes, MAILBOX.showRights), {
    reason: "not_connected",
    ownMailbox: {
      cause: "The account has no mailbox here, or may not use it over IMAP.",
      steps: NO_MAILBOX_STEPS,
      command: MAILBOX.showMailbox,
    },
    says: ["NO [AUTHORIZATIONFAILED] No such authorization-ID."],
    source: rfc("5530#section-3"),
  })`
    The server accepts the sign-in, but not for this mailbox over IMAP.
    The account that signed in may not act for this user name.
    ${mailbox`Check that the Username and Mailbox of the account are right.`}
    ${run`Check that the account that signed in has Full Access, with {command}.`}`,
  ...reading(IMAP),
  entry("pop3.protocol_error", see(ADMIN, EXCHANGE.mailboxes, MAILBOX.showProtocols), {
    says: ["-ERR Protocol error. Connection is closed. 10"],
    source: "https://github.com/getmail6/getmail6/issues/256",
  })`
    The POP3 server lost track of the sign-in.
    Exchange Online hangs up when the token comes on the wrong line, or is too long for POP3.
    ${TEST}
    Use IMAP for this mailbox if this keeps happening.`,
  tokenRefused(
    "pop3.authentication_failure",
    POP3,
    "-ERR Authentication failure: unknown user name or bad password.",
  ),
  ...reading(POP3),
];

export const EXCHANGE_PASSWORDS = [
  entry("imap.basic_auth_off", PASSWORDS_OFF, {
    says: ["NO LOGIN failed."],
    source:
      "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online",
  })`
    The server no longer accepts passwords over IMAP.
    Exchange Online switched password sign-in off for IMAP and POP3.
    ${TO_TOKENS}`,
  entry("smtp.basic_auth_retired", see(PASSWORDS_OFF, "https://mc.merill.net/message/MC786329"), {
    command: MAILBOX.showPolicy,
    says: [
      "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
      "550 5.7.30 Basic authentication is not supported for Client Submission.",
    ],
  })`
    The server no longer accepts passwords for sending.
    Exchange Online retires password sign-in for SMTP.
    ${TO_TOKENS}`,
];
